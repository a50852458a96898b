//! A rate that falls every few epochs. PyTorch: `StepLR`.

use super::{Moment, Schedule, check_count, scale};
use crate::OptionError;
use crate::optim::power;

/// A learning rate that falls by a factor every few epochs. PyTorch's `StepLR`.
///
/// ```text
/// lr = initial · gamma^⌊epoch / step_size⌋
/// ```
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::Step;
///
/// let schedule = Step::new(2).gamma(0.5);
/// let rates = [0, 1, 2, 3, 4].map(|epoch| schedule.lr(0.8, Moment::at(epoch, 1, 5)));
/// assert_eq!(rates, [0.8, 0.8, 0.4, 0.4, 0.2]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// The number of epochs with the same rate.
    pub step_size: u64,
    /// The factor; 0.1 unless set.
    pub gamma: f64,
}

impl Step {
    /// Falls every `step_size` epochs, by PyTorch's default factor.
    #[must_use]
    pub const fn new(step_size: u64) -> Self {
        Self { step_size, gamma: 0.1 }
    }

    /// With another factor.
    #[must_use]
    pub const fn gamma(self, gamma: f64) -> Self {
        Self { gamma, ..self }
    }
}

impl Schedule for Step {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        scale(initial, power(self.gamma, now.epoch() / self.step_size.max(1)))
    }

    fn check_options(&self) -> Result<(), OptionError> {
        check_count("schedule::Step", "step_size", self.step_size)?;
        OptionError::check_not_negative::<f64>("schedule::Step", "gamma", self.gamma)
    }
}
