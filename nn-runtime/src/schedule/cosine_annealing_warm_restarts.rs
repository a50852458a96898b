//! A rate along half a cosine, again and again. PyTorch: `CosineAnnealingWarmRestarts`.

use super::{Anneal, Moment, Schedule, check_count};
use crate::OptionError;

/// A learning rate that falls along half a cosine, then restarts at the top. PyTorch's `CosineAnnealingWarmRestarts`. Loshchilov and
/// Hutter, 2017.
///
/// ```text
/// lr = eta_min + (initial - eta_min) · (1 + cos(π · t_cur / t_i)) / 2
/// ```
///
/// `t_cur` is the number of epochs since the last restart, `t_i` the number of epochs between two restarts: `t_0` at first, and
/// `t_mult` times as many after each restart.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::CosineAnnealingWarmRestarts;
///
/// let schedule = CosineAnnealingWarmRestarts::new(10).t_mult(2);
/// let restarts = [0, 10, 30, 70].map(|epoch| schedule.lr(0.1, Moment::at(epoch, 1, 100)));
/// assert_eq!(restarts, [0.1; 4]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CosineAnnealingWarmRestarts {
    /// The number of epochs until the first restart.
    pub t_0: u64,
    /// How many times longer each part is than the one before; 1 unless set.
    pub t_mult: u64,
    /// The lowest rate; 0 unless set.
    pub eta_min: f64,
}

impl CosineAnnealingWarmRestarts {
    /// Falls to 0 over `t_0` epochs, again and again.
    #[must_use]
    pub const fn new(t_0: u64) -> Self {
        Self { t_0, t_mult: 1, eta_min: 0.0 }
    }

    /// With parts that become longer. PyTorch's `T_mult`.
    #[must_use]
    pub const fn t_mult(self, t_mult: u64) -> Self {
        Self { t_mult, ..self }
    }

    /// With another lowest rate.
    #[must_use]
    pub const fn eta_min(self, eta_min: f64) -> Self {
        Self { eta_min, ..self }
    }

    /// `t_cur` and `t_i` of an epoch.
    fn part(&self, epoch: u64) -> (u64, u64) {
        let (mut since_restart, mut length) = (epoch, self.t_0.max(1));
        if self.t_mult <= 1 {
            return (since_restart % length, length);
        }
        // at most 64 times, as the length doubles at least
        while since_restart >= length {
            since_restart -= length;
            length = length.saturating_mul(self.t_mult);
        }
        (since_restart, length)
    }
}

impl Schedule for CosineAnnealingWarmRestarts {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        let (since_restart, length) = self.part(now.epoch());
        Anneal::Cos.at(initial, self.eta_min, since_restart as f64, length as f64)
    }

    fn check_options(&self) -> Result<(), OptionError> {
        check_count("schedule::CosineAnnealingWarmRestarts", "t_0", self.t_0)?;
        check_count("schedule::CosineAnnealingWarmRestarts", "t_mult", self.t_mult)?;
        OptionError::check_not_negative::<f64>("schedule::CosineAnnealingWarmRestarts", "eta_min", self.eta_min)
    }
}
