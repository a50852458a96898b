//! The losses: each computes its value and, in the same pass, its gradient with respect to the network's output.
//!
//! | loss | targets | the output is |
//! |---|---|---|
//! | [`Mse`], [`L1`], [`SmoothL1`], [`Huber`] | `[T; OUT]` | any values |
//! | [`Bce`] | `[T; OUT]` between 0 and 1 | probabilities |
//! | [`BceWithLogits`] | `[T; OUT]` between 0 and 1 | logits |
//! | [`HingeEmbedding`] | `[T; OUT]` of 1 and -1 | distances |
//! | [`KlDiv`] | `[T; OUT]`, probabilities | logarithms of probabilities |
//! | [`CrossEntropy`] | a class, `[class; STEPS]`, or the `[T; OUT]` probabilities of the classes | logits |
//! | [`Nll`] | a class or `[class; STEPS]` | logarithms of probabilities |
//! | [`MultiMargin`] | a class or `[class; STEPS]` | any values |
//!
//! Padded steps of sequences of different lengths are left out by [`CrossEntropy.ignore_index(..)`](CrossEntropy::ignore_index),
//! [`Nll.ignore_index(..)`](Nll::ignore_index), and for numbers by [`StepWeights`].
//!
//! A class is a `u8`, `u16`, `u32` or `usize`. The loss of a mini-batch is the mean over its samples, and the loss of a
//! sample the mean over its outputs or steps, as PyTorch's `reduction = "mean"` has it. With class weights it is the
//! weighted mean, which is 0 where the weights sum to 0, and of [`KlDiv`] the sum over the outputs.
//!
//! A term whose target or weight is 0 counts nothing, even if the logarithm in it is -∞; PyTorch gives NaN there. What is NaN
//! stays NaN.
//!
//! A network with several outputs is trained with a loss for each, in a struct with the fields of its output; their sum is the
//! network's loss, and [`Scaled`] says how much one counts.
//!
//! A loss of one's own that compares output and target value by value is an [`Elementwise`]; any other is a [`Loss`].

mod bce;
mod classes;
mod cross_entropy;
mod elementwise;
mod error;
mod hinge_embedding;
mod huber;
mod kl_div;
mod l1;
mod mse;
mod multi_margin;
pub mod needs;
mod nll;
mod scaled;
mod smooth_l1;
mod step_weights;
mod unchecked;

pub use bce::{Bce, BceWithLogits};
pub use classes::{ClassIndex, ClassWeights, Classes};
pub(crate) use classes::{Counts, arg_max, hits};
pub use cross_entropy::{CrossEntropy, CrossEntropyWith};
pub use elementwise::Elementwise;
pub use error::TargetError;
pub use hinge_embedding::HingeEmbedding;
pub use huber::Huber;
pub use kl_div::KlDiv;
pub use l1::L1;
pub use mse::Mse;
pub use multi_margin::MultiMargin;
pub use nll::{Nll, NllWith};
pub use scaled::Scaled;
pub use smooth_l1::SmoothL1;
pub use step_weights::StepWeights;
pub use unchecked::Unchecked;

use core::ops::AddAssign;

use bytemuck::Zeroable;

use crate::OptionError;
use crate::kernels::Isa;
use crate::network::{Row, Tile};
use crate::scalar::Scalar;

/// How far the output of a network is from the targets of a tile, and the gradient of that.
///
/// Both functions look at the first `targets.len()` rows; the others are padding.
///
/// `Needs` lists what the loss requires of the network's output; the default, `()`, requires nothing. See [`needs`].
///
/// ```
/// use nn_runtime::kernels::Isa;
/// use nn_runtime::loss::TargetError;
/// use nn_runtime::prelude::*;
/// use nn_runtime::scalar::Scalar;
///
/// /// One minus the cosine of the angle between output and target.
/// struct Angle;
///
/// impl Angle {
///     /// The lengths of one row's output and target, and their cosine.
///     fn row<T: Scalar, const BATCH: usize, const OUT: usize>(
///         output: &SMatrix<T, BATCH, OUT>,
///         row: usize,
///         target: &[T; OUT],
///     ) -> [T; 3] {
///         let [mut output_square, mut target_square, mut product] = [T::ZERO; 3];
///         for (feature, &target) in target.iter().enumerate() {
///             let output = output[(row, feature)];
///             output_square += output * output;
///             target_square += target * target;
///             product += output * target;
///         }
///         let [output_length, target_length] = [output_square, target_square].map(|square| square.sqrt());
///         [output_length, target_length, product / (output_length * target_length)]
///     }
/// }
///
/// impl<T: Scalar, const OUT: usize> Loss<[T; OUT], [T; OUT], T> for Angle {
///     fn check(&self, target: &[T; OUT]) -> Result<(), TargetError> {
///         let mut values = target.iter().map(|value| value.to_f64());
///         match values.position(|value| !value.is_finite()) {
///             Some(position) => Err(TargetError::NotFinite { position, value: target[position].to_f64() }),
///             None => Ok(()),
///         }
///     }
///
///     fn loss<I: Isa, const BATCH: usize>(
///         &self,
///         _isa: I,
///         output: &SMatrix<T, BATCH, OUT>,
///         targets: &[&[T; OUT]],
///     ) -> T {
///         targets.iter().enumerate().map(|(row, target)| T::ONE - Self::row(output, row, target)[2]).sum()
///     }
///
///     fn loss_and_gradient<I: Isa, const BATCH: usize>(
///         &self,
///         isa: I,
///         output_then_grad: &mut SMatrix<T, BATCH, OUT>,
///         targets: &[&[T; OUT]],
///         scale: T,
///     ) -> T {
///         let loss = self.loss(isa, output_then_grad, targets);
///         for row in 0..BATCH {
///             let Some(target) = targets.get(row) else {
///                 output_then_grad.row_mut(row).fill(T::ZERO);
///                 continue;
///             };
///             let [output_length, target_length, cosine] = Self::row(output_then_grad, row, target);
///             for (feature, &target) in target.iter().enumerate() {
///                 let value = &mut output_then_grad[(row, feature)];
///                 *value = (cosine * *value / output_length - target / target_length) * scale / output_length;
///             }
///         }
///         loss
///     }
/// }
///
/// network! { struct Turn: [2] -> [2] { linear(2) } }
///
/// let (inputs, targets) = ([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [[0.0, 3.0], [-3.0, 0.0], [-2.0, 2.0]]);
/// let mut network = Turn::new(&mut rng(0));
/// let mut training = Training::<Turn, Adam, 4>::ZERO;
/// let mut loss = 2.0;
/// for _ in 0..300 {
///     loss = training.step(&mut network, &Adam::new(0.05), &Angle, &inputs, &targets)?;
/// }
/// assert!(loss < 1e-3);
/// # Ok::<(), TrainError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not compare an output `{Output}` with a target of type `{Target}`",
    note = "`CrossEntropy`, `Nll` and `MultiMargin` take a class index or one per step, the other losses take `{Output}`"
)]
pub trait Loss<Target, Output: Row, T: Scalar, Needs = ()> {
    /// Says what is wrong with the loss's own options, if something is. Asked before training and before evaluation.
    ///
    /// # Errors
    ///
    /// The first option that is out of its range. A loss without options returns `Ok(())`, as this does.
    fn check_options(&self) -> Result<(), OptionError> {
        Ok(())
    }

    /// Says what is wrong with a target, if something is.
    ///
    /// # Errors
    ///
    /// A class that the network has no output for; a number that is not finite, or not a probability where it should be.
    fn check(&self, target: &Target) -> Result<(), TargetError>;

    /// How much a sample counts in the mean over a mini-batch.
    fn weight(&self, _target: &Target) -> T {
        T::ONE
    }

    /// The sum of the samples' losses, each times its [`weight`](Self::weight).
    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &Tile<Output, BATCH>, targets: &[&Target]) -> T;

    /// The same sum; overwrites the output with its gradient times `scale`, and padding with 0.
    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut Tile<Output, BATCH>,
        targets: &[&Target],
        scale: T,
    ) -> T;

    /// How many predictions are right, if the loss is one of classification.
    fn hits<const BATCH: usize>(&self, _output: &Tile<Output, BATCH>, _targets: &[&Target]) -> Option<Hits> {
        None
    }

    /// [`check`](Self::check) with the number of the output, where each of several has a loss of its own.
    #[doc(hidden)]
    fn check_each(&self, target: &Target) -> Result<(), (Option<usize>, TargetError)> {
        self.check(target).map_err(|error| (None, error))
    }

    /// The [`weight`](Self::weight) for each output that has a loss of its own.
    #[doc(hidden)]
    #[inline(always)]
    fn weight_each(&self, target: &Target, weights: &mut [f64]) {
        if let Some(weight) = weights.first_mut() {
            *weight = self.weight(target).to_f64();
        }
    }

    /// The [`loss`](Self::loss) of each output that has one of its own.
    #[doc(hidden)]
    #[inline(always)]
    fn loss_each<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output: &Tile<Output, BATCH>,
        targets: &[&Target],
        losses: &mut [f64],
    ) {
        if let Some(loss) = losses.first_mut() {
            *loss = self.loss(isa, output, targets).to_f64();
        }
    }

    /// [`loss_and_gradient`](Self::loss_and_gradient) for each output that has a loss of its own, with its scale.
    #[doc(hidden)]
    #[inline(always)]
    fn loss_and_gradient_each<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut Tile<Output, BATCH>,
        targets: &[&Target],
        scales: &[f64],
        losses: &mut [f64],
    ) {
        if let (Some(loss), Some(scale)) = (losses.first_mut(), scales.first()) {
            *loss = self.loss_and_gradient(isa, output_then_grad, targets, T::from_f64(*scale)).to_f64();
        }
    }

    /// The [`hits`](Self::hits) of each output that has a loss of its own; none of a loss that does not classify.
    #[doc(hidden)]
    fn hits_each<const BATCH: usize>(&self, output: &Tile<Output, BATCH>, targets: &[&Target], hits: &mut [Hits]) {
        if let Some(hits) = hits.first_mut() {
            *hits = self.hits(output, targets).unwrap_or_default();
        }
    }
}

/// A number of predictions, and how many of them are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Zeroable)]
pub struct Hits {
    /// The predictions that are right.
    pub right: u64,
    /// All predictions: the samples, or the samples times the steps.
    pub all: u64,
}

impl Hits {
    /// The share of right predictions; `None` without predictions.
    pub(crate) fn share(self) -> Option<f64> {
        (self.all > 0).then(|| self.right as f64 / self.all as f64)
    }
}

impl AddAssign for Hits {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.all += other.all;
    }
}

/// The sum over a lane's samples, in their order.
#[inline(always)]
fn sum_of_rows<T: Scalar, const BATCH: usize>(lane: &[T; BATCH], rows: usize) -> T {
    lane.iter().take(rows).fold(T::ZERO, |sum, &value| sum + value)
}

/// Sets the padding behind the first `rows` samples of a lane to 0.
#[inline(always)]
fn clear_padding<T: Scalar, const BATCH: usize>(lane: &mut [T; BATCH], rows: usize) {
    for value in lane.iter_mut().skip(rows) {
        *value = T::ZERO;
    }
}

/// One feature of all targets; 0 for padding.
#[inline(always)]
fn lane_of_targets<T: Scalar, const BATCH: usize, const OUT: usize>(
    targets: &[&[T; OUT]],
    feature: usize,
) -> [T; BATCH] {
    let value = |target: &[T; OUT]| target.get(feature).copied().unwrap_or(T::ZERO);
    let mut lane = [T::ZERO; BATCH];
    if let Some(targets) = targets.first_chunk::<BATCH>() {
        // without padding the number of rows is known
        lane.iter_mut().zip(targets).for_each(|(place, target)| *place = value(target));
    } else {
        lane.iter_mut().zip(targets).for_each(|(place, target)| *place = value(target));
    }
    lane
}

/// `factor · value`, and 0 where the factor is 0, even if the value is infinite; NaN stays.
#[inline(always)]
fn times<T: Scalar>(factor: T, value: T) -> T {
    let none = if is_nan(value) { value } else { T::ZERO };
    if factor == T::ZERO { none } else { factor * value }
}

/// Whether a value is not a number.
#[inline(always)]
#[allow(clippy::eq_op, reason = "only NaN differs from itself")]
fn is_nan<T: Scalar>(value: T) -> bool {
    value != value
}

/// `max(value, 0)`, and its derivative, which is 0 at 0; NaN stays.
#[inline(always)]
fn positive_part<T: Scalar>(value: T) -> [T; 2] {
    let part = if value < T::ZERO { T::ZERO } else { value };
    [part, if part > T::ZERO { T::ONE } else { part }]
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests;
