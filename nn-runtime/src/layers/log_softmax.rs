//! Logarithm of the softmax over one dimension. PyTorch: `torch.nn.LogSoftmax(dim)`.
//!
//! ```text
//! maximum = max input                                             [BATCH, blocks, stride]
//! output  = input - maximum - ln(Σ exp(input - maximum))          [BATCH, blocks, size, stride]   in place
//! ```
//!
//! N = blocks · size · stride: `stride` is the product of the sizes behind the dimension, 1 for the last. The values along the
//! dimension are a group, normalised by itself. An input of -∞ has the output -∞, and a finite gradient. As in PyTorch, a group
//! becomes NaN that is -∞ everywhere, or that holds +∞ or NaN.
//!
//! # Backward
//!
//! ```text
//! sum        = Σ grad_output                       [BATCH, blocks, stride]
//! grad_input = grad_output - exp(output) · sum     [BATCH, blocks, size, stride]
//! ```
//!
//! Nothing is cached: the derivative is a function of the output.

use nalgebra::SMatrix;

use crate::families::softmax::SubtractMaximum;
use crate::kernels::{Isa, Kernel, Lanes, each_column, load, store};
use crate::math::{exp_nonpositive, lanes, ln};
use crate::scalar::Scalar;

/// Overwrites `value`, the input, with the output. `size · stride` divides N.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    size: usize,
    stride: usize,
    value: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Forward { size, stride, value: &mut value.data.0 });
}

/// One step of a sequence of `[channels, length]`.
pub use self::forward as step;

/// Overwrites `grad`, the gradient of the output, with the gradient of the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    size: usize,
    stride: usize,
    output: &SMatrix<T, BATCH, N>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput { size, stride, output: &output.data.0, grad: &mut grad.data.0 });
}

struct Forward<'a, T, const BATCH: usize> {
    size: usize,
    stride: usize,
    value: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let (size, Self { stride, value, .. }) = (self.size.max(1), self);
        if stride != 1 {
            return forward_along(isa, size, stride * BATCH, value.as_flattened_mut());
        }
        for group in value.chunks_exact_mut(size) {
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
    size: usize,
    stride: usize,
    output: &'a [[T; BATCH]],
    grad: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let (size, Self { stride, output, grad, .. }) = (self.size.max(1), self);
        if stride != 1 {
            return backward_along(isa, size, stride * BATCH, output.as_flattened(), grad.as_flattened_mut());
        }
        for (output, grad) in output.chunks_exact(size).zip(grad.chunks_exact_mut(size)) {
            let sum = lanes::sum(grad);
            for (output, grad) in output.iter().zip(grad) {
                for ((grad, &output), &sum) in grad.iter_mut().zip(output).zip(&sum) {
                    *grad = isa.mul_add(-exp_nonpositive(isa, output), sum, *grad);
                }
            }
        }
    }
}

/// Overwrites blocks of `size` rows of `stride` lanes, the input, with the output.
#[inline(always)]
fn forward_along<I: Isa, T: Scalar>(isa: I, size: usize, stride: usize, values: &mut [T]) {
    for group in values.chunks_exact_mut((size * stride).max(1)) {
        each_column(isa, stride, &mut SubtractMaximum { scale: T::ONE, stride, group });
        each_column(isa, stride, &mut SubtractLogarithm { stride, group });
    }
}

/// Overwrites blocks of `size` rows of `stride` lanes, the gradient of the output, with the gradient of the input.
#[inline(always)]
fn backward_along<I: Isa, T: Scalar>(isa: I, size: usize, stride: usize, output: &[T], grad: &mut [T]) {
    let len = (size * stride).max(1);
    for (output, grad) in output.chunks_exact(len).zip(grad.chunks_exact_mut(len)) {
        each_column(isa, stride, &mut Backward { stride, output, grad });
    }
}

/// Subtracts the logarithm of the sum of the exponentials from each lane in the rows of a group, whose values are at most 0.
struct SubtractLogarithm<'a, T> {
    stride: usize,
    group: &'a mut [T],
}

impl<T: Scalar> Lanes for SubtractLogarithm<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let mut sums = [T::ZERO; L];
        for row in self.group.chunks_exact(self.stride) {
            let exponents = load::<T, L>(row, lane).map(|value| exp_nonpositive(isa, value));
            isa.add_scaled(T::ONE, &exponents, &mut sums);
        }
        let logarithms = sums.map(|sum| ln(isa, sum));
        for row in self.group.chunks_exact_mut(self.stride) {
            let values = load::<T, L>(row, lane);
            store::<T, L>(row, lane, core::array::from_fn(|i| values[i] - logarithms[i]));
        }
    }
}

struct Backward<'a, T> {
    stride: usize,
    output: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar> Lanes for Backward<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let mut sums = [T::ZERO; L];
        for grad in self.grad.chunks_exact(self.stride) {
            isa.add_scaled(T::ONE, &load(grad, lane), &mut sums);
        }
        for (output, grad) in self.output.chunks_exact(self.stride).zip(self.grad.chunks_exact_mut(self.stride)) {
            let (outputs, grads) = (load::<T, L>(output, lane), load::<T, L>(grad, lane));
            let gradient = |i: usize| isa.mul_add(-exp_nonpositive(isa, outputs[i]), sums[i], grads[i]);
            store::<T, L>(grad, lane, core::array::from_fn(gradient));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::differences::{InPlace, check};
    use crate::kernels::Portable;

    #[derive(Clone, Copy)]
    struct LogSoftmax(usize, usize);

    impl InPlace for LogSoftmax {
        fn forward<I: Isa, const BATCH: usize, const N: usize>(self, isa: I, value: &mut SMatrix<f64, BATCH, N>) {
            forward(isa, self.0, self.1, value);
        }

        fn backward_input<I: Isa, const BATCH: usize, const N: usize>(
            self,
            isa: I,
            output: &SMatrix<f64, BATCH, N>,
            grad: &mut SMatrix<f64, BATCH, N>,
        ) {
            backward_input(isa, self.0, self.1, output, grad);
        }
    }

    #[test]
    fn gradient_agrees_with_differences() {
        check::<_, 1, 7>(LogSoftmax(7, 1));
        check::<_, 1, 6>(LogSoftmax(1, 1));
        check::<_, 3, 10>(LogSoftmax(5, 1));
        check::<_, 4, 6>(LogSoftmax(2, 1));
        check::<_, 32, 3>(LogSoftmax(3, 1));
        check::<_, 3, 37>(LogSoftmax(37, 1));
        check::<_, 1, 12>(LogSoftmax(2, 3));
        check::<_, 1, 34>(LogSoftmax(2, 17));
        check::<_, 3, 20>(LogSoftmax(5, 2));
        check::<_, 19, 6>(LogSoftmax(3, 2));
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
        forward(Portable, 2, 1, &mut value);
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
        forward(Portable, 3, 1, &mut value);
        assert!(value.row(0).iter().all(|value| value.is_nan()));
        assert!(value.row(1).iter().all(|value| (value + 3.0_f64.ln()).abs() < 1e-15));
    }
}
