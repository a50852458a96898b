//! Squares near the target, absolute values far from it. PyTorch: `torch.nn.SmoothL1Loss(beta=1.0)`.
//!
//! ```text
//! difference  = output - target
//! loss        = Σ_OUT (difference² / (2 · beta)  if |difference| < beta,  else  |difference| - beta / 2) / OUT
//! grad_output =       (difference / beta         if |difference| < beta,  else  sign(difference)) / OUT
//! ```

use super::elementwise::Elementwise;
use super::error::{TargetError, check_finite};
use crate::OptionError;
use crate::kernels::Isa;
use crate::scalar::{Scalar, sign};

/// [`L1`](super::L1) with a parabola in the place of its kink. PyTorch's `SmoothL1Loss`. Targets are finite numbers.
///
/// It is [`Huber`](super::Huber) divided by `beta`. `SmoothL1::default()` has a `beta` of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmoothL1 {
    /// The difference from which on the loss is linear: 0 or more. 0 is [`L1`](super::L1).
    pub beta: f64,
}

impl Default for SmoothL1 {
    fn default() -> Self {
        Self { beta: 1.0 }
    }
}

impl Elementwise for SmoothL1 {
    fn check_options<T: Scalar>(&self) -> Result<(), OptionError> {
        OptionError::check_not_negative::<T>("SmoothL1", "beta", self.beta)
    }

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        check_finite(position, target)
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, _isa: I, output: T, target: T) -> [T; 2] {
        let (half, beta) = (T::from_f64(0.5), T::from_f64(self.beta));
        let difference = output - target;
        let size = difference.abs();
        let slope = difference / beta;
        let is_near = size < beta;
        [
            if is_near { half * difference * slope } else { size - half * beta },
            if is_near { slope } else { sign(difference) },
        ]
    }
}
