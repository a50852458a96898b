//! Counting updates instead of epochs.

use super::{Mode, Moment, Schedule};
use crate::OptionError;

/// A schedule that counts updates where it would count epochs; made by [`Schedule::per_step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerStep<S>(pub S);

impl<S: Schedule> Schedule for PerStep<S> {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        // each update is an epoch
        self.0.lr(initial, Moment { steps_per_epoch: 1, ..now })
    }

    fn check_options(&self) -> Result<(), OptionError> {
        self.0.check_options()
    }

    fn observe(&mut self, value: f64, mode: Mode) {
        self.0.observe(value, mode);
    }

    fn reset(&mut self) {
        self.0.reset();
    }
}
