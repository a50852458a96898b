//! Gated linear unit: the first half along a dimension, times the sigmoid of the second half. PyTorch: `torch.nn.GLU(dim)`.
//!
//! ```text
//! value, gate = the halves of each block of input    [BATCH, blocks, half]
//! output      = value · sigmoid(gate)                [BATCH, blocks · 2 · half] -> [BATCH, blocks · half]
//! ```
//!
//! `blocks` is the product of the sizes before the dimension, `half` half its size times the product of the sizes behind it.
//!
//! # Backward
//!
//! ```text
//! s          = sigmoid(gate)
//! grad_value = grad_output · s
//! grad_gate  = grad_output · value · s · (1 - s)
//! ```
//!
//! Nothing is cached but the input.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::math::sigmoid;
use crate::scalar::Scalar;

/// Overwrites `output`. IN is twice OUT, which is a multiple of `half`.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const IN: usize, const OUT: usize>(
    isa: I,
    half: usize,
    input: &SMatrix<T, BATCH, IN>,
    output: &mut SMatrix<T, BATCH, OUT>,
) {
    isa.call(Forward { half: half * BATCH, input: input.as_slice(), output: output.as_mut_slice() });
}

/// One step of a sequence of `[channels, length]`: `half` is half of the channels.
pub use self::forward as step;

/// Overwrites `input_then_grad`, the input, with its gradient.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const IN: usize, const OUT: usize>(
    isa: I,
    half: usize,
    grad_output: &SMatrix<T, BATCH, OUT>,
    input_then_grad: &mut SMatrix<T, BATCH, IN>,
) {
    let (grad_output, input_then_grad) = (grad_output.as_slice(), input_then_grad.as_mut_slice());
    isa.call(BackwardInput { half: half * BATCH, grad_output, input_then_grad });
}

/// `half` counts the values of all samples.
struct Forward<'a, T> {
    half: usize,
    input: &'a [T],
    output: &'a mut [T],
}

impl<T: Scalar> Kernel for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let half = self.half.max(1);
        for (input, output) in self.input.chunks_exact(2 * half).zip(self.output.chunks_exact_mut(half)) {
            let (value, gate) = input.split_at(half);
            for ((output, &value), &gate) in output.iter_mut().zip(value).zip(gate) {
                *output = value * sigmoid(isa, gate);
            }
        }
    }
}

struct BackwardInput<'a, T> {
    half: usize,
    grad_output: &'a [T],
    input_then_grad: &'a mut [T],
}

impl<T: Scalar> Kernel for BackwardInput<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let half = self.half.max(1);
        for (block, grad_output) in
            self.input_then_grad.chunks_exact_mut(2 * half).zip(self.grad_output.chunks_exact(half))
        {
            let (values, gates) = block.split_at_mut(half);
            for ((value, gate), &grad) in values.iter_mut().zip(gates).zip(grad_output) {
                let s = sigmoid(isa, *gate);
                *gate = grad * *value * (s * (T::ONE - s));
                *value = grad * s;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    /// Compares gradients with differences of a weighted sum of the outputs.
    struct Check<const BATCH: usize, const IN: usize, const OUT: usize>(usize);

    impl<const BATCH: usize, const IN: usize, const OUT: usize> Kernel for Check<BATCH, IN, OUT> {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            const CHANGE: f64 = 1e-5;
            let number = |seed: usize| move |row, column| ((seed + 13 * row + 7 * column) as f64).sin() * 2.0;
            let input = SMatrix::<f64, BATCH, IN>::from_fn(number(0));
            let weights = SMatrix::<f64, BATCH, OUT>::from_fn(number(3));
            let mut grad = input;
            backward_input(isa, self.0, &weights, &mut grad);
            for index in 0..BATCH * IN {
                let [above, below] = [CHANGE, -CHANGE].map(|change| {
                    let (mut input, mut output) = (input, SMatrix::repeat(99.0));
                    input[index] += change;
                    forward(isa, self.0, &input, &mut output);
                    output.dot(&weights)
                });
                let expected = (above - below) / (2.0 * CHANGE);
                assert!((grad[index] - expected).abs() < 1e-8, "[{index}]: {} is not {expected}", grad[index]);
            }
        }
    }

    #[test]
    fn gradient_agrees_with_differences() {
        fn check<const BATCH: usize, const IN: usize, const OUT: usize>(half: usize) {
            Check::<BATCH, IN, OUT>(half).run(Portable);
            dispatch(Check::<BATCH, IN, OUT>(half));
        }
        check::<1, 14, 7>(7);
        check::<3, 12, 6>(2);
        check::<19, 6, 3>(1);
    }

    #[test]
    fn values_by_hand() {
        let input = SMatrix::<f64, 1, 4>::from([[3.0], [4.0], [0.0], [f64::NEG_INFINITY]]);
        let mut output = SMatrix::<f64, 1, 2>::repeat(99.0);
        forward(Portable, 2, &input, &mut output);
        assert_eq!(output.as_slice(), [1.5, 0.0]);
        // `half` says what stands together
        forward(Portable, 1, &SMatrix::from([[3.0], [0.0], [5.0], [0.0]]), &mut output);
        assert_eq!(output.as_slice(), [1.5, 2.5]);
    }
}
