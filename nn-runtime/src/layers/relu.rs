//! Rectified linear unit. PyTorch: `torch.nn.ReLU()`.
//!
//! ```text
//! output = max(input, 0)    [BATCH, N]   in place
//! ```
//!
//! NaN stays NaN, -0 becomes 0.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output where output > 0, else 0
//! ```
//!
//! The gradient at 0 is 0. Nothing is cached: the output says what is needed.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
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

// Both kernels add 0 to what they have chosen. Without a sum, what is chosen between are the value in its place and 0, and
// the compiler stores 0 through a mask, which is several times slower on some machines.

struct Forward<'a, T>(&'a mut [T]);

impl<T: Scalar> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for value in self.0 {
            let positive = if *value < T::ZERO { T::ZERO } else { *value };
            *value = positive + T::ZERO;
        }
    }
}

struct BackwardInput<'a, T>(&'a [T], &'a mut [T]);

impl<T: Scalar> Kernel for BackwardInput<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for (output, grad) in self.0.iter().zip(self.1) {
            let grad_input = if *output > T::ZERO { *grad } else { T::ZERO };
            *grad = grad_input + T::ZERO;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::kernels::Portable;
    use crate::layers::differences::{InPlace, check};

    #[derive(Clone, Copy)]
    struct Relu;

    impl InPlace for Relu {
        fn forward<I: Isa, const BATCH: usize, const N: usize>(self, isa: I, value: &mut SMatrix<f64, BATCH, N>) {
            forward(isa, value);
        }

        fn backward_input<I: Isa, const BATCH: usize, const N: usize>(
            self,
            isa: I,
            output: &SMatrix<f64, BATCH, N>,
            grad: &mut SMatrix<f64, BATCH, N>,
        ) {
            backward_input(isa, output, grad);
        }
    }

    #[test]
    fn gradient_agrees_with_differences() {
        check::<_, 1, 7>(Relu);
        check::<_, 3, 5>(Relu);
        check::<_, 4, 1>(Relu);
        check::<_, 32, 3>(Relu);
    }

    #[test]
    fn kink_nan_and_zeros() {
        let mut value = SMatrix::<f32, 2, 3>::from_column_slice(&[-1.0, 2.0, 0.0, -0.0, f32::INFINITY, f32::NAN]);
        forward(Portable, &mut value);
        let bits = [0.0, 2.0, 0.0, 0.0, f32::INFINITY].map(f32::to_bits);
        assert_eq!(value.as_slice()[..5].iter().map(|x| x.to_bits()).collect::<Vec<_>>(), bits);
        assert!(value[5].is_nan());
        let mut grad = SMatrix::<f32, 2, 3>::repeat(3.0);
        backward_input(Portable, &value, &mut grad);
        assert_eq!(grad.as_slice(), [0.0, 3.0, 0.0, 0.0, 3.0, 0.0]);
    }
}
