//! A smaller rate at first. PyTorch: `ConstantLR`.

use super::{Moment, Schedule, check_count, check_fraction};
use crate::OptionError;

/// A smaller learning rate for the first epochs. PyTorch's `ConstantLR`.
///
/// ```text
/// lr = initial · factor     while epoch < total_iters
/// lr = initial              from then on
/// ```
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::Constant;
///
/// let schedule = Constant::new().factor(0.5).total_iters(2);
/// let rates = [0, 1, 2, 3].map(|epoch| schedule.lr(0.8, Moment::at(epoch, 1, 4)));
/// assert_eq!(rates, [0.4, 0.4, 0.8, 0.8]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Constant {
    /// The factor, between 0 and 1; 1/3 unless set.
    pub factor: f64,
    /// The number of epochs with the factor; 5 unless set.
    pub total_iters: u64,
}

impl Constant {
    /// PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { factor: 1.0 / 3.0, total_iters: 5 }
    }

    /// With another factor.
    #[must_use]
    pub const fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// With another number of epochs.
    #[must_use]
    pub const fn total_iters(self, total_iters: u64) -> Self {
        Self { total_iters, ..self }
    }
}

impl Default for Constant {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule for Constant {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        if now.epoch() < self.total_iters { initial * self.factor } else { initial }
    }

    fn check_options(&self) -> Result<(), OptionError> {
        check_fraction("schedule::Constant", "factor", self.factor)?;
        check_count("schedule::Constant", "total_iters", self.total_iters)
    }
}
