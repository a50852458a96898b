//! Kullback-Leibler divergence. PyTorch: `torch.nn.KLDivLoss(reduction="batchmean", log_target=False)`.
//!
//! ```text
//! loss        = Σ_OUT target · (ln target - output)        0 where target = 0, even if output is -∞
//! grad_output = -target
//! ```
//!
//! With logarithms as targets, `target` is `e^target` and `ln target` is `target`.

use super::elementwise::Elementwise;
use super::error::{TargetError, check_finite, check_probability, check_sum};
use super::needs::{Distribution, LogProbabilities};
use super::times;
use crate::kernels::{Isa, Portable};
use crate::math;
use crate::scalar::Scalar;

/// The Kullback-Leibler divergence of the targets, probabilities, from the outputs, logarithms of probabilities, as
/// `log_softmax` makes them. PyTorch's `KLDivLoss` with `reduction = "batchmean"`.
///
/// The loss of a sample is the sum over its outputs, not their mean: so that of a mini-batch is the mean divergence. That
/// is the one reduction that is the divergence's definition; PyTorch's default, `"mean"`, also divides by `OUT`.
///
/// A target is one distribution or, for an output of `[STEPS, classes]`, one for each step, whose divergences are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KlDiv {
    /// Whether the targets are logarithms of probabilities too, where -∞ is that of 0. `false` by default.
    pub log_target: bool,
}

impl Elementwise<(LogProbabilities, Distribution<()>)> for KlDiv {
    const IS_SUM: bool = true;

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        if self.log_target { check_logarithm(position, target) } else { check_probability(position, target) }
    }

    fn check_all<T: Scalar>(&self, target: &[T]) -> Result<(), TargetError> {
        (0..).zip(target).try_for_each(|(position, &value)| self.check(position, value))?;
        let probability = |&value: &T| {
            let value = value.to_f64();
            if self.log_target { math::exp(Portable, value) } else { value }
        };
        let check = |values: &[T]| check_sum(values.iter().map(probability).sum());
        check(target).or_else(|error| {
            let mut steps = (2..=target.len() / 2).filter(|&steps| target.len().is_multiple_of(steps));
            let are_distributions = |steps| target.chunks(target.len() / steps).all(|step| check(step).is_ok());
            if steps.any(are_distributions) { Ok(()) } else { Err(error) }
        })
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2] {
        let [probability, logarithm] =
            if self.log_target { [math::exp(isa, target), target] } else { [target, math::ln(isa, target)] };
        // the limit of p · ln p is 0
        let logarithm = if probability == T::ZERO { T::ZERO } else { logarithm };
        [times(probability, logarithm - output), -probability]
    }
}

/// That a target is the logarithm of a probability, which may be 0.
fn check_logarithm<T: Scalar>(position: usize, target: T) -> Result<(), TargetError> {
    if target.to_f64() == f64::NEG_INFINITY { Ok(()) } else { check_finite(position, target) }
}
