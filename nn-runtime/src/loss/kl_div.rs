//! Kullback-Leibler divergence. PyTorch: `torch.nn.KLDivLoss(reduction="batchmean", log_target=False)`.
//!
//! ```text
//! loss        = Σ_OUT target · (ln target - output)        0 where target = 0, even if output is -∞
//! grad_output = -target
//! ```
//!
//! With logarithms as targets, `target` is `e^target` and `ln target` is `target`.

use super::elementwise::Elementwise;
use super::error::{TargetError, check_distribution, check_finite, check_probability, check_sum};
use super::is_nan;
use super::needs::{Distribution, LogProbabilities};
use crate::kernels::{Isa, Portable};
use crate::math;
use crate::scalar::Scalar;

/// The Kullback-Leibler divergence of the targets, probabilities, from the outputs, logarithms of probabilities, as
/// `log_softmax` makes them. PyTorch's `KLDivLoss` with `reduction = "batchmean"`.
///
/// The loss of a sample is the sum over its outputs, not their mean: so that of a mini-batch is the mean divergence. That
/// is the one reduction that is the divergence's definition; PyTorch's default, `"mean"`, also divides by `OUT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KlDiv {
    /// Whether the targets are logarithms of probabilities too, where -∞ is that of 0. Not unless set.
    pub log_target: bool,
}

impl Elementwise<(LogProbabilities, Distribution<()>)> for KlDiv {
    const IS_SUM: bool = true;

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        if self.log_target { check_logarithm(position, target) } else { check_probability(position, target) }
    }

    fn check_all<T: Scalar>(&self, target: &[T]) -> Result<(), TargetError> {
        if !self.log_target {
            return check_distribution(target);
        }
        (0..).zip(target).try_for_each(|(position, &value)| self.check(position, value))?;
        check_sum(target.iter().map(|&value| math::exp(Portable, value.to_f64())).sum())
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2] {
        let [probability, logarithm] =
            if self.log_target { [math::exp(isa, target), target] } else { [target, math::ln(isa, target)] };
        // the limit of p · ln p; what is not a number stays
        let is_counted = probability > T::ZERO || is_nan(probability);
        let none = if is_nan(output) { output } else { T::ZERO };
        [if is_counted { probability * (logarithm - output) } else { none }, -probability]
    }
}

/// That a target is the logarithm of a probability, which may be 0.
fn check_logarithm<T: Scalar>(position: usize, target: T) -> Result<(), TargetError> {
    if target.to_f64() == f64::NEG_INFINITY { Ok(()) } else { check_finite(position, target) }
}
