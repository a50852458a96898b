//! A rate that falls every epoch. PyTorch: `ExponentialLR`.

use super::{Moment, Schedule, scale};
use crate::OptionError;
use crate::optim::power;

/// A learning rate that falls by a factor every epoch. PyTorch's `ExponentialLR`.
///
/// ```text
/// lr = initial · gamma^epoch
/// ```
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::Exponential;
///
/// let rates = [0, 1, 2].map(|epoch| Exponential::new(0.5).lr(0.8, Moment::at(epoch, 1, 3)));
/// assert_eq!(rates, [0.8, 0.4, 0.2]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Exponential {
    /// The factor.
    pub gamma: f64,
}

impl Exponential {
    /// Falls by a factor of `gamma` every epoch.
    #[must_use]
    pub const fn new(gamma: f64) -> Self {
        Self { gamma }
    }
}

impl Schedule for Exponential {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        scale(initial, power(self.gamma, now.epoch()))
    }

    fn check_options(&self) -> Result<(), OptionError> {
        OptionError::check_not_negative::<f64>("schedule::Exponential", "gamma", self.gamma)
    }
}
