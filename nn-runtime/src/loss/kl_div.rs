//! Kullback-Leibler divergence. PyTorch: `torch.nn.KLDivLoss(reduction="batchmean", log_target=False)`.
//!
//! ```text
//! loss        = Σ_OUT target · (ln target - output)        0 where target = 0
//! grad_output = -target
//! ```
//!
//! With logarithms as targets, `target` is `e^target` and `ln target` is `target`.

use super::elementwise::Elementwise;
use super::error::{TargetError, check_finite, check_probability};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

/// The Kullback-Leibler divergence of the targets, probabilities, from the outputs, logarithms of probabilities, as
/// `log_softmax` makes them. PyTorch's `KLDivLoss` with `reduction = "batchmean"`.
///
/// The loss of a sample is the sum over its outputs, not their mean: so that of a mini-batch is the mean divergence. That
/// is the one reduction that is the divergence's definition; PyTorch's default, `"mean"`, also divides by `OUT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KlDiv {
    /// Whether the targets are logarithms of probabilities too; finite ones. Not unless set.
    pub log_target: bool,
}

impl Elementwise for KlDiv {
    const NOT_AFTER: &'static [&'static str] = &["softmax", "sigmoid"];

    const IS_SUM: bool = true;

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        if self.log_target { check_finite(position, target) } else { check_probability(position, target) }
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2] {
        let [probability, logarithm] =
            if self.log_target { [math::exp(isa, target), target] } else { [target, math::ln(isa, target)] };
        // the limit of p · ln p
        let logarithm = if probability > T::ZERO { logarithm } else { T::ZERO };
        [probability * (logarithm - output), -probability]
    }
}
