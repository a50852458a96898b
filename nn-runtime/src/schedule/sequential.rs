//! One schedule after another. PyTorch: `SequentialLR`.

use super::{Mode, Moment, Schedule};
use crate::OptionError;

/// A schedule until a milestone, then another; made by [`Schedule::then`]. PyTorch's `SequentialLR`.
///
/// ```text
/// lr = first(initial) at epoch                  while epoch < milestone
/// lr = second(initial) at epoch - milestone     from then on
/// ```
///
/// Each of the two takes its own part for the whole run: a [`CosineAnnealing`](super::CosineAnnealing) after a warm-up ends with the
/// run. Milestones count from the start of the run, so three schedules are `first.then(5, second).then(20, third)`. With
/// [`per_step`](Schedule::per_step) around it, milestones are updates.
///
/// [`observe`](Schedule::observe) reaches both schedules from the first epoch on. PyTorch refuses `ReduceLROnPlateau` in a sequence.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::{Exponential, Linear};
///
/// let schedule = Linear::new().start_factor(0.5).total_iters(2).then(2, Exponential::new(0.1));
/// let rates = [0, 1, 2, 3].map(|epoch| schedule.lr(1.0, Moment::at(epoch, 1, 4)));
/// assert_eq!(rates, [0.5, 0.75, 1.0, 0.1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequential<A, B> {
    /// The schedule before the milestone.
    pub first: A,
    /// The epoch at which the second schedule starts.
    pub milestone: u64,
    /// The schedule from the milestone on.
    pub second: B,
}

impl<A: Schedule, B: Schedule> Schedule for Sequential<A, B> {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        let start = self.milestone.saturating_mul(now.steps_per_epoch.max(1));
        if now.step < start {
            self.first.lr(initial, Moment { steps: now.steps.min(start), ..now })
        } else {
            let (step, steps) = (now.step - start, now.steps.saturating_sub(start));
            self.second.lr(initial, Moment { step, steps, ..now })
        }
    }

    fn check_options(&self) -> Result<(), OptionError> {
        self.first.check_options()?;
        self.second.check_options()
    }

    fn observe(&mut self, value: f64, mode: Mode) {
        self.first.observe(value, mode);
        self.second.observe(value, mode);
    }

    fn reset(&mut self) {
        self.first.reset();
        self.second.reset();
    }
}
