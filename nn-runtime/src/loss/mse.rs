//! Mean squared error. PyTorch: `torch.nn.MSELoss()`.
//!
//! ```text
//! loss        = Σ_OUT (output - target)² / OUT
//! grad_output = 2 · (output - target) / OUT
//! ```

use super::elementwise::Elementwise;
use super::error::{TargetError, check_finite};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Mean squared error, for regression. PyTorch's `MSELoss`. Targets are finite numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mse;

impl Elementwise for Mse {
    const SLOPE: f64 = 2.0;

    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        check_finite(position, target)
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, _isa: I, output: T, target: T) -> [T; 2] {
        let difference = output - target;
        [difference * difference, difference]
    }
}
