//! The mean over the steps of a sequence. PyTorch: `input.mean(1)`.
//!
//! ```text
//! output = Σ_step input[step] / steps    [BATCH, steps, F] -> [BATCH, F]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[step] = grad_output / steps
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::families::pooling::{are_any_infinite, means_of_large};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Overwrites `output`. N is a multiple of F.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const F: usize>(
    isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, F>,
) {
    isa.call(Forward { input: &input.data.0, output: &mut output.data.0 });
}

/// Overwrites `grad_input`.
#[inline]
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const F: usize>(
    isa: impl Isa,
    grad_output: &SMatrix<T, BATCH, F>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput { grad_output: &grad_output.data.0, grad_input: &mut grad_input.data.0 });
}

/// One part of as many as `whole` has, which is a multiple of `part`.
#[inline(always)]
fn share<T: Scalar>(whole: usize, part: usize) -> T {
    T::ONE / T::from_f64((whole / part.max(1)) as f64)
}

struct Forward<'a, T, const BATCH: usize> {
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let (features, share) = (self.output.len().max(1), share(self.input.len(), self.output.len()));
        let output = self.output.as_flattened_mut();
        output.fill(T::ZERO);
        for step in self.input.chunks_exact(features) {
            for (sum, &value) in output.iter_mut().zip(step.as_flattened()) {
                *sum += value;
            }
        }
        for sum in &mut *output {
            *sum *= share;
        }
        if are_any_infinite(output) {
            let (input, len) = (self.input.as_flattened(), output.len().max(1));
            means_of_large(output, |index| (input.iter().skip(index).step_by(len).copied(), input.len() / len));
        }
    }
}

struct BackwardInput<'a, T, const BATCH: usize> {
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let (features, share) = (self.grad_output.len().max(1), share(self.grad_input.len(), self.grad_output.len()));
        let grad_output = self.grad_output.as_flattened();
        for step in self.grad_input.chunks_exact_mut(features) {
            for (value, &grad) in step.as_flattened_mut().iter_mut().zip(grad_output) {
                *value = grad * share;
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "small whole numbers, and quarters of them, are exact")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn takes_the_mean_of_the_steps() {
        let input = SMatrix::<f64, 2, 4>::from_row_slice(&[1., 2., 3., 5., 7., 8., 10., -8.]);
        let mut output = SMatrix::<f64, 2, 2>::repeat(99.0);
        forward(Portable, &input, &mut output);
        assert_eq!(output, SMatrix::<f64, 2, 2>::new(2., 3.5, 8.5, 0.));
    }

    /// ⟨forward(u), v⟩ = ⟨u, backward(v)⟩
    fn check_adjoint<const BATCH: usize>() {
        let input = SMatrix::<f32, BATCH, 20>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f32 - 5.0);
        let grad_output = SMatrix::<f32, BATCH, 5>::from_fn(|row, column| ((row + 3 * column) % 7) as f32 - 3.0);
        let (mut output, mut grad_input) = (SMatrix::repeat(99.0), SMatrix::repeat(99.0));
        forward(Portable, &input, &mut output);
        backward_input(Portable, &grad_output, &mut grad_input);
        assert_eq!(output.dot(&grad_output), input.dot(&grad_input));
    }

    #[test]
    fn backward_is_the_adjoint_of_forward() {
        check_adjoint::<1>();
        check_adjoint::<3>();
        check_adjoint::<32>();
    }
}
