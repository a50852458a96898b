//! Mean absolute error. PyTorch: `torch.nn.L1Loss()`.
//!
//! ```text
//! loss        = Σ_OUT |output - target| / OUT
//! grad_output = sign(output - target) / OUT        0 where they are equal
//! ```

use super::elementwise::Elementwise;
use super::error::{TargetError, check_finite};
use crate::kernels::Isa;
use crate::scalar::{Scalar, sign};

/// Mean absolute error, for regression with outliers. PyTorch's `L1Loss`. Targets are finite numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct L1;

impl Elementwise for L1 {
    fn check<T: Scalar>(&self, position: usize, target: T) -> Result<(), TargetError> {
        check_finite(position, target)
    }

    #[inline(always)]
    fn value_and_gradient<I: Isa, T: Scalar>(&self, _isa: I, output: T, target: T) -> [T; 2] {
        let difference = output - target;
        [difference.abs(), sign(difference)]
    }
}
