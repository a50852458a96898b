//! Softmax over the last dimension. PyTorch: `torch.nn.Softmax(dim=-1)`.
//!
//! ```text
//! maximum  = max input                   [BATCH, groups]
//! exponent = exp(input - maximum)        [BATCH, groups, features]
//! output   = exponent / Σ exponent       [BATCH, groups, features]   in place
//! ```
//!
//! N = groups · features: each of the `groups` rows of a sample is normalised by itself. An input of -∞ has the output 0. As in
//! PyTorch, a row becomes NaN that is -∞ everywhere, or that holds +∞ or NaN.
//!
//! # Backward
//!
//! ```text
//! grad_input = output · (grad_output                    term 1: through its own exponential
//!                        - Σ output · grad_output)      term 2: through the sum of all
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use nalgebra::SMatrix;

use crate::families::softmax;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Overwrites `value`, the input, with the output. `features`, the size of the last dimension, divides N.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    features: usize,
    value: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Forward { features, value: &mut value.data.0 });
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    features: usize,
    output: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput { features, output: &output.data.0, grad: &mut grad.data.0 });
}

struct Forward<'a, T, const BATCH: usize> {
    features: usize,
    value: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        softmax::forward(isa, self.features, self.value);
    }
}

struct BackwardInput<'a, T, const BATCH: usize> {
    features: usize,
    output: &'a [[T; BATCH]],
    grad: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let features = self.features.max(1);
        for (output, grad) in self.output.chunks_exact(features).zip(self.grad.chunks_exact_mut(features)) {
            softmax::backward(isa, T::ONE, output, grad);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{InPlace, check};
    use crate::kernels::Portable;

    #[derive(Clone, Copy)]
    struct Softmax(usize);

    impl InPlace for Softmax {
        fn forward<I: Isa, const BATCH: usize, const N: usize>(self, isa: I, value: &mut SMatrix<f64, BATCH, N>) {
            forward(isa, self.0, value);
        }

        fn backward_input<I: Isa, const BATCH: usize, const N: usize>(
            self,
            isa: I,
            output: &SMatrix<f64, BATCH, N>,
            grad: &mut SMatrix<f64, BATCH, N>,
        ) {
            backward_input(isa, self.0, output, grad);
        }
    }

    #[test]
    fn gradient_agrees_with_differences() {
        check::<_, 1, 7>(Softmax(7));
        check::<_, 1, 6>(Softmax(1));
        check::<_, 3, 10>(Softmax(5));
        check::<_, 4, 6>(Softmax(2));
        check::<_, 32, 3>(Softmax(3));
    }

    #[test]
    fn rows_sum_to_one_at_any_size_of_the_input() {
        let mut value = SMatrix::<f32, 2, 4>::from_row_slice(&[
            1000.0,
            1001.0,
            -1e30,
            -1e30, //
            0.0,
            f32::NEG_INFINITY,
            80.0,
            -80.0,
        ]);
        forward(Portable, 2, &mut value);
        let expected = [0.268_941_43, 0.731_058_6, 0.5, 0.5, 1.0, 0.0, 1.0, 0.0];
        for (value, expected) in value.transpose().iter().zip(expected) {
            assert!((value - expected).abs() < 1e-7, "{value} is not {expected}");
        }
    }

    #[test]
    fn nan_spreads_over_its_row_only() {
        let mut value = SMatrix::<f64, 2, 3>::from_row_slice(&[0.0, f64::NAN, 1.0, 0.0, 0.0, 0.0]);
        forward(Portable, 3, &mut value);
        assert!(value.row(0).iter().all(|value| value.is_nan()));
        assert!(value.row(1).iter().all(|value| (value - 1.0 / 3.0).abs() < 1e-15));
    }
}
