//! Softmax over the last dimension. PyTorch: `torch.nn.Softmax(dim=-1)`.
//!
//! ```text
//! maximum  = max input                   [BATCH, groups]
//! exponent = exp(input - maximum)        [BATCH, groups, features]
//! output   = exponent / Σ exponent       [BATCH, groups, features]   in place
//! ```
//!
//! N = groups · features: each of the `groups` rows of a sample is normalised by itself.
//!
//! # Backward
//!
//! ```text
//! mean       = Σ grad_output · output          [BATCH, groups]
//! grad_input = output · (grad_output - mean)   [BATCH, groups, features]
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::math;
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
        let features = self.features.max(1);
        for group in self.value.chunks_exact_mut(features) {
            let Some(&(mut maximum)) = group.first() else { continue };
            for lanes in &*group {
                for (maximum, &value) in maximum.iter_mut().zip(lanes) {
                    *maximum = if value > *maximum { value } else { *maximum };
                }
            }
            for lanes in group {
                for (value, &maximum) in lanes.iter_mut().zip(&maximum) {
                    *value -= maximum;
                }
            }
        }
        for value in self.value.as_flattened_mut() {
            *value = math::exp_nonpositive(isa, *value);
        }
        for group in self.value.chunks_exact_mut(features) {
            let mut sum = [T::ZERO; BATCH];
            for lanes in &*group {
                for (sum, &exponent) in sum.iter_mut().zip(lanes) {
                    *sum += exponent;
                }
            }
            let reciprocal = sum.map(|sum| T::ONE / sum);
            for lanes in group {
                for (value, &reciprocal) in lanes.iter_mut().zip(&reciprocal) {
                    *value *= reciprocal;
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
            let mut mean = [T::ZERO; BATCH];
            for (output, grad) in output.iter().zip(&*grad) {
                for ((mean, &output), &grad) in mean.iter_mut().zip(output).zip(grad) {
                    *mean = isa.mul_add(output, grad, *mean);
                }
            }
            for (output, grad) in output.iter().zip(grad) {
                for ((grad, &output), &mean) in grad.iter_mut().zip(output).zip(&mean) {
                    *grad = output * (*grad - mean);
                }
            }
        }
    }
}
