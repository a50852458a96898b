//! Learning-rate schedules: PyTorch's formulas, names and defaults, each a function of the moment.
//!
//! A schedule computes the learning rate of the next update from the optimizer's own one and from how far the run is. It does not
//! read the rate of the update before, so nothing has to be saved to resume a run, and errors of rounding do not add up.
//!
//! | here | PyTorch's `torch.optim.lr_scheduler` | the learning rate |
//! |---|---|---|
//! | [`Constant`] | `ConstantLR` | smaller for the first epochs |
//! | [`Linear`] | `LinearLR` | changes along a line, the usual warm-up |
//! | [`Step`] | `StepLR` | falls by a factor every few epochs |
//! | [`MultiStep`] | `MultiStepLR` | falls by a factor at each of some epochs |
//! | [`Exponential`] | `ExponentialLR` | falls by a factor every epoch |
//! | [`Polynomial`] | `PolynomialLR` | falls to 0 along a power |
//! | [`CosineAnnealing`] | `CosineAnnealingLR` | falls along half a cosine, over the whole run unless told otherwise |
//! | [`CosineAnnealingWarmRestarts`] | `CosineAnnealingWarmRestarts` | falls along half a cosine, again and again |
//! | [`OneCycle`] | `OneCycleLR` | rises, then falls to almost 0, over the whole run unless told otherwise |
//! | [`ReduceOnPlateau`] | `ReduceLROnPlateau` | falls by a factor when a loss or metric no longer improves |
//! | [`first.chain(second)`](Schedule::chain) | `ChainedScheduler` | one schedule applied to the rate of another |
//! | [`first.then(milestone, second)`](Schedule::then) | `SequentialLR` | one schedule until a milestone, then another |
//!
//! All but [`OneCycle`] count whole epochs. [`per_step`](Schedule::per_step) counts updates instead. A linear warm-up of 500 updates, then
//! a cosine over the rest of the run:
//!
//! ```
//! use nn_runtime::prelude::*;
//! use nn_runtime::schedule::{CosineAnnealing, Linear};
//!
//! let schedule = Linear::new().total_iters(500).then(500, CosineAnnealing::new()).per_step();
//! ```
//!
//! A loop of one's own asks for the learning rate before each update:
//!
//! ```
//! use nn_runtime::prelude::*;
//! use nn_runtime::schedule::CosineAnnealing;
//!
//! network! { struct Line: [1] -> [1] { linear(1) } }
//!
//! let batches = [([[0.0], [1.0]], [[1.0], [3.0]]), ([[2.0], [3.0]], [[5.0], [7.0]])];
//! let (mut network, mut optimizer) = (Line::new(&mut rng(0)), Adam::new(0.1));
//! let mut training = Training::<Line, Adam, 2>::ZERO;
//! let schedule = CosineAnnealing::new().per_step();
//! schedule.check_options()?;
//! let epochs = 500;
//! for _ in 0..epochs {
//!     for (inputs, targets) in &batches {
//!         optimizer.lr = schedule.lr(0.1, Moment::at(training.steps, batches.len() as u64, epochs));
//!         training.step(&mut network, &optimizer, &Mse, inputs, targets)?;
//!     }
//! }
//! assert!((network.linear1.weight[0] - 2.0).abs() < 0.01);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anneal;
mod chained;
mod constant;
mod cosine_annealing;
mod cosine_annealing_warm_restarts;
mod exponential;
mod linear;
mod moment;
mod multi_step;
mod one_cycle;
mod per_step;
mod polynomial;
mod reduce_on_plateau;
mod sequential;
mod step;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

pub use anneal::Anneal;
pub use chained::Chained;
pub use constant::Constant;
pub use cosine_annealing::CosineAnnealing;
pub use cosine_annealing_warm_restarts::CosineAnnealingWarmRestarts;
pub use exponential::Exponential;
pub use linear::Linear;
pub use moment::Moment;
pub use multi_step::MultiStep;
pub use one_cycle::OneCycle;
pub use per_step::PerStep;
pub use polynomial::Polynomial;
pub use reduce_on_plateau::{ReduceOnPlateau, Threshold};
pub use sequential::Sequential;
pub use step::Step;

use crate::OptionError;
use crate::metrics::Mode;

/// A rule for the learning rate of each update.
///
/// One of one's own is a function of the moment:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// /// Falls with the inverse of the epoch.
/// struct Inverse;
///
/// impl Schedule for Inverse {
///     fn lr(&self, initial: f64, now: Moment) -> f64 {
///         initial / (1 + now.epoch()) as f64
///     }
/// }
///
/// assert_eq!(Inverse.lr(0.1, Moment::at(35, 10, 5)), 0.1 / 4.0);
/// assert_eq!(Inverse.per_step().lr(0.1, Moment::at(35, 10, 5)), 0.1 / 36.0);
/// ```
pub trait Schedule {
    /// The learning rate of the next update, of an optimizer whose own rate is `initial`. With
    /// [`Groups`](crate::optim::Groups), `initial` is the rate of one group.
    ///
    /// The schedules of this module return a finite rate, at least 0, if [`check_options`](Self::check_options) accepts their
    /// options and `initial` is finite and at least 0. They never panic.
    fn lr(&self, initial: f64, now: Moment) -> f64;

    /// Checks the options. A trainer does so once, before a run.
    ///
    /// # Errors
    ///
    /// The first option that is out of its range.
    fn check_options(&self) -> Result<(), OptionError> {
        Ok(())
    }

    /// Takes the loss or metric that the training watches, once after each epoch. Only [`ReduceOnPlateau`] reads it.
    fn observe(&mut self, _value: f64, _mode: Mode) {}

    /// Forgets all observed values. A run that is resumed calls this, then [`observe`](Self::observe) with the value of each epoch
    /// so far.
    fn reset(&mut self) {}

    /// Counts updates where this schedule counts epochs: in its options, and in the milestones of a [`Sequential`].
    ///
    /// ```
    /// use nn_runtime::prelude::*;
    /// use nn_runtime::schedule::Step;
    ///
    /// let now = Moment::at(7, 5, 10); // seven updates so far, in epochs of five
    /// assert_eq!(Step::new(2).gamma(0.5).lr(0.8, now), 0.8);
    /// assert_eq!(Step::new(2).gamma(0.5).per_step().lr(0.8, now), 0.1);
    /// ```
    fn per_step(self) -> PerStep<Self>
    where
        Self: Sized,
    {
        PerStep(self)
    }

    /// Applies `second` to the learning rate that this schedule computes: both change the rate all the time.
    fn chain<S: Schedule>(self, second: S) -> Chained<Self, S>
    where
        Self: Sized,
    {
        Chained { first: self, second }
    }

    /// Follows this schedule for `milestone` epochs, then `second`, which starts anew with the optimizer's own learning rate.
    fn then<S: Schedule>(self, milestone: u64, second: S) -> Sequential<Self, S>
    where
        Self: Sized,
    {
        Sequential { first: self, milestone, second }
    }
}

/// A schedule behind a pointer.
macro_rules! impl_pointer {
    ($($(#[$attribute:meta])* $pointer:ty;)*) => {$(
        $(#[$attribute])*
        impl<S: Schedule + ?Sized> Schedule for $pointer {
            fn lr(&self, initial: f64, now: Moment) -> f64 {
                (**self).lr(initial, now)
            }

            fn check_options(&self) -> Result<(), OptionError> {
                (**self).check_options()
            }

            fn observe(&mut self, value: f64, mode: Mode) {
                (**self).observe(value, mode);
            }

            fn reset(&mut self) {
                (**self).reset();
            }
        }
    )*};
}

impl_pointer! {
    &mut S;
    #[cfg(feature = "alloc")]
    Box<S>;
}

/// `lr · factor`, where a factor above 1 has led to infinity the largest finite number.
fn scale(lr: f64, factor: f64) -> f64 {
    least(lr * least(factor, f64::MAX), f64::MAX)
}

/// The smaller of the two; NaN if `value` is NaN.
fn least(value: f64, bound: f64) -> f64 {
    if value > bound { bound } else { value }
}

/// Checks that a number of epochs or updates is at least 1.
fn check_count(owner: &'static str, option: &'static str, count: u64) -> Result<(), OptionError> {
    OptionError::check(owner, option, count as f64, count > 0, "at least 1")
}

/// Checks that a value is between 0 and 1, or one of them.
fn check_fraction(owner: &'static str, option: &'static str, value: f64) -> Result<(), OptionError> {
    OptionError::check(owner, option, value, (0.0..=1.0).contains(&value), "between 0 and 1")
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests;
