//! Logarithm of the softmax over the last dimension. PyTorch: `torch.nn.LogSoftmax(dim=-1)`.
//!
//! ```text
//! maximum = max input                                             [BATCH, groups]
//! output  = input - maximum - ln(Σ exp(input - maximum))          [BATCH, groups, features]   in place
//! ```
//!
//! N = groups · features: each of the `groups` rows of a sample is normalised by itself. An input of -∞ has the output -∞, and a
//! finite gradient. As in PyTorch, a row becomes NaN that is -∞ everywhere, or that holds +∞ or NaN.
//!
//! # Backward
//!
//! ```text
//! sum        = Σ grad_output                       [BATCH, groups]
//! grad_input = grad_output - exp(output) · sum     [BATCH, groups, features]
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::math::{exp_nonpositive, lanes, ln};
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
        for group in self.value.chunks_exact_mut(self.features.max(1)) {
            let maximum = lanes::maximum(group);
            let mut logarithm = lanes::sum_of_exp(isa, group, &maximum);
            for sum in &mut logarithm {
                *sum = ln(isa, *sum);
            }
            for row in group {
                for ((value, &maximum), &logarithm) in row.iter_mut().zip(&maximum).zip(&logarithm) {
                    *value = (*value - maximum) - logarithm;
                }
            }
        }
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
            let sum = lanes::sum(grad);
            for (output, grad) in output.iter().zip(grad) {
                for ((grad, &output), &sum) in grad.iter_mut().zip(output).zip(&sum) {
                    *grad = isa.mul_add(-exp_nonpositive(isa, output), sum, *grad);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{InPlace, check};
    use crate::kernels::Portable;

    #[derive(Clone, Copy)]
    struct LogSoftmax(usize);

    impl InPlace for LogSoftmax {
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
        check::<_, 1, 7>(LogSoftmax(7));
        check::<_, 1, 6>(LogSoftmax(1));
        check::<_, 3, 10>(LogSoftmax(5));
        check::<_, 4, 6>(LogSoftmax(2));
        check::<_, 32, 3>(LogSoftmax(3));
        check::<_, 3, 37>(LogSoftmax(37));
    }

    #[test]
    fn logarithms_of_probabilities_at_any_size_of_the_input() {
        let mut value = SMatrix::<f32, 2, 4>::from_row_slice(&[
            1000.0,
            1001.0,
            -1e30,
            -1e30, //
            0.0,
            f32::NEG_INFINITY,
            200.0,
            0.0,
        ]);
        forward(Portable, 2, &mut value);
        let half = -core::f32::consts::LN_2;
        let expected = [-1.313_261_7, -0.313_261_7, half, half, 0.0, f32::NEG_INFINITY, 0.0, -200.0];
        for (value, expected) in value.transpose().iter().zip(expected) {
            assert!(
                (value - expected).abs() < 1e-6 || value.to_bits() == expected.to_bits(),
                "{value} is not {expected}"
            );
        }
    }

    #[test]
    fn nan_spreads_over_its_row_only() {
        let mut value = SMatrix::<f64, 2, 3>::from_row_slice(&[0.0, f64::NAN, 1.0, 0.0, 0.0, 0.0]);
        forward(Portable, 3, &mut value);
        assert!(value.row(0).iter().all(|value| value.is_nan()));
        assert!(value.row(1).iter().all(|value| (value + 3.0_f64.ln()).abs() < 1e-15));
    }
}
