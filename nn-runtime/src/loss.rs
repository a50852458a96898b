//! The losses: each computes its value and, in the same pass, its gradient with respect to the network's output.
//!
//! | loss | targets | the output is |
//! |---|---|---|
//! | [`Mse`] | `[T; OUT]` | any values |
//! | [`Bce`] | `[T; OUT]` between 0 and 1 | probabilities |
//! | [`BceWithLogits`] | `[T; OUT]` between 0 and 1 | logits |
//! | [`CrossEntropy`] | a class, `[class; STEPS]`, or the `[T; OUT]` probabilities of the classes | logits |
//!
//! A class is a `u8`, `u16`, `u32` or `usize`. The loss of a mini-batch is the mean over its samples, and the loss of a
//! sample the mean over its outputs or steps, as PyTorch's `reduction = "mean"` has it.
//!
//! A loss of one's own that compares output and target value by value is an [`Elementwise`]; any other is a [`Loss`].

mod bce;
mod cross_entropy;
mod elementwise;
mod error;
mod mse;

pub use bce::{Bce, BceWithLogits};
pub(crate) use cross_entropy::arg_max;
pub use cross_entropy::{ClassIndex, Classes, CrossEntropy};
pub use elementwise::Elementwise;
pub use error::TargetError;
pub use mse::Mse;

use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// How far the output of a network is from the targets of a tile, and the gradient of that.
///
/// Both functions look at the first `targets.len()` rows; the others are padding.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not compare {OUT} outputs of type `{T}` with a target of type `{Target}`",
    note = "`CrossEntropy` takes a class index or one per step, the other losses take `[{T}; {OUT}]`"
)]
pub trait Loss<Target, T: Scalar, const OUT: usize> {
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
    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&Target]) -> T;

    /// The same sum; overwrites the output with its gradient times `scale`, and padding with 0.
    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&Target],
        scale: T,
    ) -> T;

    /// How many predictions are right, if the loss is one of classification.
    fn hits<const BATCH: usize>(&self, _output: &SMatrix<T, BATCH, OUT>, _targets: &[&Target]) -> Option<Hits> {
        None
    }
}

/// A number of predictions, and how many of them are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// The predictions that are right.
    pub right: usize,
    /// All predictions: the samples, or the samples times the steps.
    pub all: usize,
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
    let mut lane = [T::ZERO; BATCH];
    for (value, target) in lane.iter_mut().zip(targets) {
        *value = target.get(feature).copied().unwrap_or(T::ZERO);
    }
    lane
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests;
