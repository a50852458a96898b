//! Hyperbolic tangent. PyTorch: `torch.nn.Tanh()`.
//!
//! ```text
//! output = tanh(input)    [BATCH, N]   in place
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output · (1 - output) · (1 + output)
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::math;
use crate::scalar::Scalar;

/// Overwrites `value`, the input, with the output.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(isa: I, value: &mut SMatrix<T, BATCH, N>) {
    isa.call(Forward(value.data.0.as_flattened_mut()));
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    output: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput(output.data.0.as_flattened(), grad.data.0.as_flattened_mut()));
}

struct Forward<'a, T>(&'a mut [T]);

impl<T: Scalar> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for value in self.0 {
            *value = math::tanh(isa, *value);
        }
    }
}

struct BackwardInput<'a, T>(&'a [T], &'a mut [T]);

impl<T: Scalar> Kernel for BackwardInput<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for (&output, grad) in self.0.iter().zip(self.1) {
            *grad *= (T::ONE - output) * (T::ONE + output);
        }
    }
}
