//! Rectified linear unit with a trained slope below 0. PyTorch: `torch.nn.PReLU(num_parameters, init)`.
//!
//! ```text
//! output = input where input > 0, else weight · input    [BATCH, N]   in place
//! ```
//!
//! `weight` has one entry, or one for each channel: an entry is for as many neighbouring columns as there are for each.
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ_batch Σ_columns grad_output · (0 where input > 0, else input)
//! grad_input   = grad_output · (1 where input > 0, else weight)
//! ```
//!
//! The gradient at 0 is that of the negative side. Nothing is cached but the input, which the output does not tell.

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::init;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Every slope starts as `init`.
pub fn init<T: Scalar, R: Rng + ?Sized, const C: usize>(init: f64, weight: &mut SVector<T, C>, _rng: &mut R) {
    init::constant(weight.as_mut_slice(), init);
}

/// Overwrites `value`, the input, with the output.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: I,
    weight: &SVector<T, C>,
    value: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Forward(weight.as_slice(), value.data.0.as_flattened_mut()));
}

/// Adds to the gradient of the slopes.
#[inline]
pub fn backward_parameters<I: Isa, T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: I,
    input: &SMatrix<T, BATCH, N>,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_weight: &mut SVector<T, C>,
) {
    let (input, grad_output) = (input.data.0.as_flattened(), grad_output.data.0.as_flattened());
    isa.call(BackwardParameters { input, grad_output, grad_weight: grad_weight.as_mut_slice() });
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input, from the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: I,
    weight: &SVector<T, C>,
    input: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    let (input, grad) = (input.data.0.as_flattened(), grad.data.0.as_flattened_mut());
    isa.call(BackwardInput { weight: weight.as_slice(), input, grad });
}

/// How many values share a slope.
#[inline(always)]
fn share<T>(values: &[T], slopes: &[T]) -> usize {
    values.len().checked_div(slopes.len()).unwrap_or(0).max(1)
}

#[inline(always)]
fn slope<T: Scalar>(input: T, weight: T) -> T {
    if input > T::ZERO { T::ONE } else { weight }
}

struct Forward<'a, T>(&'a [T], &'a mut [T]);

impl<T: Scalar> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let share = share(self.1, self.0);
        for (values, weight) in self.1.chunks_mut(share).zip(self.0) {
            for value in values {
                *value *= slope(*value, *weight);
            }
        }
    }
}

struct BackwardParameters<'a, T> {
    input: &'a [T],
    grad_output: &'a [T],
    grad_weight: &'a mut [T],
}

impl<T: Scalar> Kernel for BackwardParameters<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        const LANES: usize = 16;
        let share = share(self.input, self.grad_weight);
        let channels = self.input.chunks(share).zip(self.grad_output.chunks(share));
        for ((inputs, grads), grad_weight) in channels.zip(self.grad_weight) {
            let mut sums = [T::ZERO; LANES];
            for (inputs, grads) in inputs.chunks(LANES).zip(grads.chunks(LANES)) {
                for ((sum, input), grad) in sums.iter_mut().zip(inputs).zip(grads) {
                    // both, as 0 times an infinite gradient is NaN
                    let is_positive = *input > T::ZERO;
                    let negative = if is_positive { T::ZERO } else { *input };
                    let grad = if is_positive { T::ZERO } else { *grad };
                    *sum = isa.mul_add(negative, grad, *sum);
                }
            }
            *grad_weight += sums.into_iter().sum::<T>();
        }
    }
}

struct BackwardInput<'a, T> {
    weight: &'a [T],
    input: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar> Kernel for BackwardInput<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let share = share(self.input, self.weight);
        let channels = self.input.chunks(share).zip(self.grad.chunks_mut(share));
        for ((inputs, grads), weight) in channels.zip(self.weight) {
            for (input, grad) in inputs.iter().zip(grads) {
                *grad *= slope(*input, *weight);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::rng;
    use crate::kernels::Portable;

    #[test]
    fn one_slope_for_all_or_one_for_each_channel() {
        let input = SMatrix::<f64, 1, 6>::from_row_slice(&[-1.0, 2.0, -3.0, 0.0, 5.0, -6.0]);
        let mut value = input;
        forward(Portable, &SVector::<f64, 1>::new(0.5), &mut value);
        assert_eq!(value.as_slice(), [-0.5, 2.0, -1.5, 0.0, 5.0, -3.0]);
        let mut value = input;
        forward(Portable, &SVector::<f64, 2>::new(-0.5, 2.0), &mut value);
        assert_eq!(value.as_slice(), [0.5, 2.0, 1.5, 0.0, 5.0, -12.0]);
    }

    #[test]
    fn gradients_by_hand() {
        let input = SMatrix::<f64, 2, 2>::from_column_slice(&[-1.0, 2.0, 0.0, -6.0]);
        let mut grad = SMatrix::<f64, 2, 2>::from_column_slice(&[2.0, 3.0, 4.0, 5.0]);
        let mut grad_weight = SVector::<f64, 2>::new(1.0, 1.0);
        backward_parameters(Portable, &input, &grad, &mut grad_weight);
        assert_eq!(grad_weight.as_slice(), [-1.0, -29.0]);
        let mut grad_weight = SVector::<f64, 1>::new(1.0);
        backward_parameters(Portable, &input, &grad, &mut grad_weight);
        assert_eq!(grad_weight.as_slice(), [-31.0]);
        backward_input(Portable, &SVector::<f64, 2>::new(0.5, 0.25), &input, &mut grad);
        assert_eq!(grad.as_slice(), [1.0, 3.0, 1.0, 1.25]);
    }

    #[test]
    fn starts_as_it_is_told() {
        let mut weight = SVector::<f32, 3>::zeros();
        init(0.25, &mut weight, &mut rng(0));
        assert_eq!(weight.as_slice(), [0.25; 3]);
    }
}
