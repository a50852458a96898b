//! Binary cross-entropy, on probabilities and on logits. PyTorch: `torch.nn.BCELoss()`, `torch.nn.BCEWithLogitsLoss()`.
//!
//! On probabilities, with each logarithm at least -100:
//!
//! ```text
//! loss        = -Σ_OUT (target · ln output + (1 - target) · ln(1 - output)) / OUT
//! grad_output = (output - target) / max(output · (1 - output), 1e-12) / OUT
//! ```
//!
//! On logits, which is exact where a probability would be rounded to 0 or 1:
//!
//! ```text
//! loss        = Σ_OUT (max(output, 0) - output · target + ln(1 + e^-|output|)) / OUT
//! grad_output = (sigmoid(output) - target) / OUT
//! ```

use super::elementwise::Elementwise;
use super::error::{TargetError, check_probability};
use super::needs::BinaryLogits;
use crate::kernels::Isa;
use crate::math;
use crate::scalar::Scalar;

/// Binary cross-entropy of probabilities, as `sigmoid` makes them. PyTorch's `BCELoss`.
///
/// Targets are between 0 and 1. [`BceWithLogits`] without the `sigmoid` is more exact and faster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bce;

/// Binary cross-entropy of logits: the network ends without `sigmoid`. PyTorch's `BCEWithLogitsLoss`.
///
/// Targets are between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BceWithLogits;

impl Elementwise for Bce {
    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        check_probability(position, target)
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2] {
        let one = at_least(math::ln(isa, output), -100.0);
        let zero = at_least(math::ln_1p(isa, -output), -100.0);
        let slope = at_least(output * (T::ONE - output), 1e-12);
        [-(target * one + (T::ONE - target) * zero), (output - target) / slope]
    }
}

impl Elementwise<BinaryLogits> for BceWithLogits {
    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        check_probability(position, target)
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, isa: I, output: T, target: T) -> [T; 2] {
        // output · (1 - target) above 0, and -output · target below; an infinite output that is right is no loss
        let factor = if output > T::ZERO { T::ONE - target } else { -target };
        let line = if factor == T::ZERO { T::ZERO } else { output * factor };
        let bend = math::ln_1p(isa, math::exp_nonpositive(isa, -output.abs()));
        [line + bend, math::sigmoid(isa, output) - target]
    }
}

/// `value`, or `least` if it is less; NaN stays.
#[inline(always)]
fn at_least<T: Scalar>(value: T, least: f64) -> T {
    let least = T::from_f64(least);
    if value < least { least } else { value }
}
