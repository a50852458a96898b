//! Squares near the target, absolute values far from it. PyTorch: `torch.nn.HuberLoss(delta=1.0)`. Huber, 1964.
//!
//! ```text
//! difference  = output - target
//! loss        = Σ_OUT (difference² / 2  if |difference| ≤ delta,  else  delta · (|difference| - delta / 2)) / OUT
//! grad_output =       (difference       if |difference| ≤ delta,  else  delta · sign(difference)) / OUT
//! ```

use super::elementwise::Elementwise;
use super::error::{TargetError, check_finite};
use crate::OptionError;
use crate::kernels::Isa;
use crate::scalar::{Scalar, sign};

/// Half the squared error, going on as a straight line where the error is large. PyTorch's `HuberLoss`. Targets are
/// finite numbers.
///
/// `Huber::default()` has a `delta` of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// The difference from which on the loss is linear: more than 0.
    pub delta: f64,
}

impl Default for Huber {
    fn default() -> Self {
        Self { delta: 1.0 }
    }
}

impl Elementwise for Huber {
    fn check_options<T: Scalar>(&self) -> Result<(), OptionError> {
        OptionError::check_positive::<T>("Huber", "delta", self.delta)
    }

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        check_finite(position, target)
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, _isa: I, output: T, target: T) -> [T; 2] {
        let (half, delta) = (T::from_f64(0.5), T::from_f64(self.delta));
        let difference = output - target;
        let size = difference.abs();
        let is_far = size > delta;
        [
            if is_far { delta * (size - half * delta) } else { half * difference * difference },
            if is_far { delta * sign(difference) } else { difference },
        ]
    }
}
