//! A rate that falls at given epochs. PyTorch: `MultiStepLR`.

use super::{Moment, Schedule, scale};
use crate::OptionError;
use crate::optim::power;

/// A learning rate that falls by a factor at each of some epochs. PyTorch's `MultiStepLR`.
///
/// ```text
/// lr = initial · gamma^(number of milestones that are at most epoch)
/// ```
///
/// The milestones are an array, a slice or a `Vec`, in any order; one that occurs twice counts twice.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::MultiStep;
///
/// let schedule = MultiStep::new([1, 3]).gamma(0.5);
/// let rates = [0, 1, 2, 3, 4].map(|epoch| schedule.lr(0.8, Moment::at(epoch, 1, 5)));
/// assert_eq!(rates, [0.8, 0.4, 0.4, 0.2, 0.2]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct MultiStep<M> {
    /// The epochs at which the rate falls.
    pub milestones: M,
    /// The factor; 0.1 unless set.
    pub gamma: f64,
}

impl<M: AsRef<[u64]>> MultiStep<M> {
    /// Falls at the milestones, by PyTorch's default factor.
    #[must_use]
    pub const fn new(milestones: M) -> Self {
        Self { milestones, gamma: 0.1 }
    }

    /// With another factor.
    #[must_use]
    pub fn gamma(self, gamma: f64) -> Self {
        Self { gamma, ..self }
    }
}

impl<M: AsRef<[u64]>> Schedule for MultiStep<M> {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        let epoch = now.epoch();
        let passed = self.milestones.as_ref().iter().filter(|milestone| **milestone <= epoch).count();
        scale(initial, power(self.gamma, passed as u64))
    }

    fn check_options(&self) -> Result<(), OptionError> {
        OptionError::check_not_negative::<f64>("schedule::MultiStep", "gamma", self.gamma)
    }
}
