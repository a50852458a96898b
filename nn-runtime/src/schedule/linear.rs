//! A rate along a line. PyTorch: `LinearLR`.

use super::{Moment, Schedule, check_count, check_fraction};
use crate::OptionError;

/// A learning rate that changes along a line, then stays: the usual warm-up. PyTorch's `LinearLR`.
///
/// ```text
/// progress = min(epoch, total_iters) / total_iters
/// lr       = initial · (start_factor + (end_factor - start_factor) · progress)
/// ```
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::Linear;
///
/// let warm_up = Linear::new().start_factor(0.25).total_iters(3).per_step();
/// let rates = [0, 1, 2, 3, 4].map(|step| warm_up.lr(0.8, Moment::at(step, 100, 10)));
/// assert_eq!(rates, [0.2, 0.4, 0.8 * 0.75, 0.8, 0.8]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Linear {
    /// The factor at the start, above 0 and at most 1; 1/3 unless set.
    pub start_factor: f64,
    /// The factor at the end, between 0 and 1; 1 unless set.
    pub end_factor: f64,
    /// The number of epochs from one to the other; 5 unless set.
    pub total_iters: u64,
}

impl Linear {
    /// PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { start_factor: 1.0 / 3.0, end_factor: 1.0, total_iters: 5 }
    }

    /// With another factor at the start.
    #[must_use]
    pub const fn start_factor(self, start_factor: f64) -> Self {
        Self { start_factor, ..self }
    }

    /// With another factor at the end.
    #[must_use]
    pub const fn end_factor(self, end_factor: f64) -> Self {
        Self { end_factor, ..self }
    }

    /// With another number of epochs.
    #[must_use]
    pub const fn total_iters(self, total_iters: u64) -> Self {
        Self { total_iters, ..self }
    }
}

impl Default for Linear {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule for Linear {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        let Self { start_factor, end_factor, total_iters } = *self;
        let epoch = now.epoch();
        if epoch >= total_iters {
            return initial * end_factor;
        }
        initial * (start_factor + (end_factor - start_factor) * (epoch as f64 / total_iters as f64))
    }

    fn check_options(&self) -> Result<(), OptionError> {
        let Self { start_factor, end_factor, total_iters } = *self;
        let is_start = start_factor > 0.0 && start_factor <= 1.0;
        let allowed = "more than 0 and at most 1";
        OptionError::check("schedule::Linear", "start_factor", start_factor, is_start, allowed)?;
        check_fraction("schedule::Linear", "end_factor", end_factor)?;
        check_count("schedule::Linear", "total_iters", total_iters)
    }
}
