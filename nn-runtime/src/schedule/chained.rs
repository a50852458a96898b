//! Two schedules at once. PyTorch: `ChainedScheduler`.

use super::{Mode, Moment, Schedule};
use crate::OptionError;

/// A schedule applied to the learning rate of another; made by [`Schedule::chain`]. PyTorch's `ChainedScheduler`.
///
/// ```text
/// lr = second(first(initial))
/// ```
///
/// Three schedules are `first.chain(second).chain(third)`.
///
/// The rates are PyTorch's for schedules that multiply the rate by a factor: [`Constant`](super::Constant), [`Linear`](super::Linear),
/// [`Step`](super::Step), [`MultiStep`](super::MultiStep), [`Exponential`](super::Exponential), [`Polynomial`](super::Polynomial), and
/// [`CosineAnnealing`](super::CosineAnnealing) without `eta_min`, up to `t_max`. Otherwise PyTorch's recursion mixes the rates of both
/// schedules, so the results differ. [`OneCycle`](super::OneCycle) as `second` ignores the rate of `first`, as in PyTorch.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::{Constant, Exponential};
///
/// let schedule = Constant::new().factor(0.5).total_iters(2).chain(Exponential::new(0.1));
/// let rates = [0, 1, 2].map(|epoch| schedule.lr(1.0, Moment::at(epoch, 1, 3)));
/// assert_eq!(rates, [0.5, 0.05, 0.1 * 0.1]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chained<A, B> {
    /// The schedule of the optimizer's own learning rate.
    pub first: A,
    /// The schedule of the learning rate that the first one computes.
    pub second: B,
}

impl<A: Schedule, B: Schedule> Schedule for Chained<A, B> {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        self.second.lr(self.first.lr(initial, now), now)
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
