//! The mean over the steps of a sequence. PyTorch: `input.mean(1)`.
//!
//! ```text
//! output = Σ_step input[step] / steps    [BATCH, steps, F] -> [BATCH, F]
//! ```
//!
//! With a length a sample, the sum is over the steps of that length, and is divided by it. A sample of length 0 gives zeros.
//!
//! # Backward
//!
//! ```text
//! grad_input[step] = grad_output / steps
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

pub use crate::families::lengths::{Lengths, Whole};
use crate::families::pooling::{are_any_infinite, means_of_large};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Overwrites `output`. N is a multiple of F.
#[inline]
pub fn forward<T: Scalar, L: Lengths<BATCH>, const BATCH: usize, const N: usize, const F: usize>(
    isa: impl Isa,
    lengths: L,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, F>,
) {
    isa.call(Forward { lengths, input: &input.data.0, output: &mut output.data.0 });
}

/// Overwrites `grad_input`.
#[inline]
pub fn backward_input<T: Scalar, L: Lengths<BATCH>, const BATCH: usize, const N: usize, const F: usize>(
    isa: impl Isa,
    lengths: L,
    grad_output: &SMatrix<T, BATCH, F>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput { lengths, grad_output: &grad_output.data.0, grad_input: &mut grad_input.data.0 });
}

/// One part of as many as `whole` has, which is a multiple of `part`.
#[inline(always)]
fn share<T: Scalar>(whole: usize, part: usize) -> T {
    T::ONE / T::from_f64((whole / part.max(1)) as f64)
}

struct Forward<'a, T, L, const BATCH: usize> {
    lengths: L,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, L: Lengths<BATCH>, const BATCH: usize> Kernel for Forward<'_, T, L, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        if const { !L::ARE_WHOLE } {
            return means_of_lengths(self.lengths, self.input, self.output);
        }
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

/// One divided by the length of each sample; 0 for a length of 0.
#[inline(always)]
fn shares<T: Scalar, L: Lengths<BATCH>, const BATCH: usize>(lengths: L) -> [T; BATCH] {
    core::array::from_fn(|row| if lengths.of(row) > 0 { share(lengths.of(row), 1) } else { T::ZERO })
}

/// Overwrites `output` with the mean of each sample over its own steps.
#[inline(always)]
fn means_of_lengths<T: Scalar, L: Lengths<BATCH>, const BATCH: usize>(
    lengths: L,
    input: &[[T; BATCH]],
    output: &mut [[T; BATCH]],
) {
    let (features, shares) = (output.len().max(1), shares::<T, L, BATCH>(lengths));
    output.as_flattened_mut().fill(T::ZERO);
    for (step, lanes) in input.chunks_exact(features).enumerate() {
        for (sums, lane) in output.iter_mut().zip(lanes) {
            for (row, ((sum, value), share)) in sums.iter_mut().zip(lane).zip(shares).enumerate() {
                // a share at a time: the sum of large values may overflow where their mean does not
                *sum += if step < lengths.of(row) { *value * share } else { T::ZERO };
            }
        }
    }
}

/// Overwrites `grad_input` with the share of each step, and with zeros behind a sample's length.
#[inline(always)]
fn share_by_lengths<T: Scalar, L: Lengths<BATCH>, const BATCH: usize>(
    lengths: L,
    grad_output: &[[T; BATCH]],
    grad_input: &mut [[T; BATCH]],
) {
    let shares = shares::<T, L, BATCH>(lengths);
    for (step, lanes) in grad_input.chunks_exact_mut(grad_output.len().max(1)).enumerate() {
        for (lane, grad_output) in lanes.iter_mut().zip(grad_output) {
            for (row, ((value, grad), share)) in lane.iter_mut().zip(grad_output).zip(shares).enumerate() {
                *value = if step < lengths.of(row) { *grad * share } else { T::ZERO };
            }
        }
    }
}

struct BackwardInput<'a, T, L, const BATCH: usize> {
    lengths: L,
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, L: Lengths<BATCH>, const BATCH: usize> Kernel for BackwardInput<'_, T, L, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        if const { !L::ARE_WHOLE } {
            return share_by_lengths(self.lengths, self.grad_output, self.grad_input);
        }
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
        forward(Portable, Whole, &input, &mut output);
        assert_eq!(output, SMatrix::<f64, 2, 2>::new(2., 3.5, 8.5, 0.));
    }

    /// ⟨forward(u), v⟩ = ⟨u, backward(v)⟩
    fn check_adjoint<const BATCH: usize>() {
        let input = SMatrix::<f32, BATCH, 20>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f32 - 5.0);
        let grad_output = SMatrix::<f32, BATCH, 5>::from_fn(|row, column| ((row + 3 * column) % 7) as f32 - 3.0);
        let (mut output, mut grad_input) = (SMatrix::repeat(99.0), SMatrix::repeat(99.0));
        forward(Portable, Whole, &input, &mut output);
        backward_input(Portable, Whole, &grad_output, &mut grad_input);
        assert_eq!(output.dot(&grad_output), input.dot(&grad_input));
    }

    #[test]
    fn backward_is_the_adjoint_of_forward() {
        check_adjoint::<1>();
        check_adjoint::<3>();
        check_adjoint::<32>();
    }
}
