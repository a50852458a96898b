//! Softmax over one dimension. PyTorch: `torch.nn.Softmax(dim)`.
//!
//! ```text
//! maximum  = max input                   [BATCH, blocks, stride]
//! exponent = exp(input - maximum)        [BATCH, blocks, size, stride]
//! output   = exponent / Σ exponent       [BATCH, blocks, size, stride]   in place
//! ```
//!
//! N = blocks · size · stride: `stride` is the product of the sizes behind the dimension, 1 for the last. The values along the
//! dimension are a group, normalised by itself. An input of -∞ has the output 0. As in PyTorch, a group becomes NaN that is -∞
//! everywhere, or that holds +∞ or NaN.
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
        match self.stride {
            1 => softmax::forward(isa, self.size, self.value),
            stride => softmax::forward_along(isa, self.size, stride * BATCH, self.value.as_flattened_mut()),
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
            return softmax::backward_along(isa, size, stride * BATCH, output.as_flattened(), grad.as_flattened_mut());
        }
        for (output, grad) in output.chunks_exact(size).zip(grad.chunks_exact_mut(size)) {
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
    struct Softmax(usize, usize);

    impl InPlace for Softmax {
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
        check::<_, 1, 7>(Softmax(7, 1));
        check::<_, 1, 6>(Softmax(1, 1));
        check::<_, 3, 10>(Softmax(5, 1));
        check::<_, 4, 6>(Softmax(2, 1));
        check::<_, 32, 3>(Softmax(3, 1));
        check::<_, 1, 12>(Softmax(2, 3));
        check::<_, 1, 34>(Softmax(2, 17));
        check::<_, 3, 20>(Softmax(5, 2));
        check::<_, 19, 6>(Softmax(3, 2));
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
        forward(Portable, 2, 1, &mut value);
        let expected = [0.268_941_43, 0.731_058_6, 0.5, 0.5, 1.0, 0.0, 1.0, 0.0];
        for (value, expected) in value.transpose().iter().zip(expected) {
            assert!((value - expected).abs() < 1e-7, "{value} is not {expected}");
        }
    }

    #[test]
    fn nan_spreads_over_its_row_only() {
        let mut value = SMatrix::<f64, 2, 3>::from_row_slice(&[0.0, f64::NAN, 1.0, 0.0, 0.0, 0.0]);
        forward(Portable, 3, 1, &mut value);
        assert!(value.row(0).iter().all(|value| value.is_nan()));
        assert!(value.row(1).iter().all(|value| (value - 1.0 / 3.0).abs() < 1e-15));
    }
}
