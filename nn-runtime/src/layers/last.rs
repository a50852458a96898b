//! The last step of a sequence. PyTorch: `input[:, -1]`.
//!
//! ```text
//! output = input[last step]    [BATCH, steps, F] -> [BATCH, F]
//! ```
//!
//! With a length a sample, it is the last step of that length: `input[range(BATCH), length - 1]`. A sample of length 0 gives zeros.
//!
//! # Backward
//!
//! ```text
//! grad_input[last step] = grad_output, the others 0
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

pub use crate::families::lengths::{Lengths, Whole};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Overwrites `output`. N is a multiple of F.
#[inline]
pub fn forward<T: Scalar, L: Lengths<BATCH>, const BATCH: usize, const N: usize, const F: usize>(
    _isa: impl Isa,
    lengths: L,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, F>,
) {
    if const { L::ARE_WHOLE } {
        for (output, input) in output.data.0.iter_mut().rev().zip(input.data.0.iter().rev()) {
            *output = *input;
        }
        return;
    }
    for row in 0..BATCH {
        let last = lengths.of(row).checked_sub(1).and_then(|step| input.data.0.chunks_exact(F.max(1)).nth(step));
        for (feature, output) in output.data.0.iter_mut().enumerate() {
            let value = last.and_then(|step| step.get(feature)?.get(row));
            if let Some(place) = output.get_mut(row) {
                *place = value.copied().unwrap_or(T::ZERO);
            }
        }
    }
}

/// Overwrites `grad_input`.
#[inline]
pub fn backward_input<T: Scalar, L: Lengths<BATCH>, const BATCH: usize, const N: usize, const F: usize>(
    _isa: impl Isa,
    lengths: L,
    grad_output: &SMatrix<T, BATCH, F>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    if const { L::ARE_WHOLE } {
        let mut last = grad_output.data.0.iter().rev();
        for lane in grad_input.data.0.iter_mut().rev() {
            *lane = last.next().copied().unwrap_or([T::ZERO; BATCH]);
        }
        return;
    }
    for (step, lanes) in grad_input.data.0.chunks_exact_mut(F.max(1)).enumerate() {
        for (lane, grad_output) in lanes.iter_mut().zip(&grad_output.data.0) {
            for (row, (value, grad)) in lane.iter_mut().zip(grad_output).enumerate() {
                *value = if lengths.of(row) == step + 1 { *grad } else { T::ZERO };
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn takes_the_last_step() {
        let input = SMatrix::<f64, 2, 6>::from_row_slice(&[1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.]);
        let mut output = SMatrix::<f64, 2, 2>::repeat(99.0);
        forward(Portable, Whole, &input, &mut output);
        assert_eq!(output, SMatrix::<f64, 2, 2>::new(5., 6., 11., 12.));
    }

    #[test]
    fn takes_the_last_step_of_each_length() {
        let input = SMatrix::<f64, 2, 6>::from_row_slice(&[1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.]);
        let (lengths, mut output) = (SMatrix::<u8, 2, 1>::new(3, 2), SMatrix::<f64, 2, 2>::repeat(99.0));
        forward(Portable, &lengths, &input, &mut output);
        assert_eq!(output, SMatrix::<f64, 2, 2>::new(5., 6., 9., 10.));
        let mut grad_input = SMatrix::<f64, 2, 6>::repeat(99.0);
        backward_input(Portable, &lengths, &output, &mut grad_input);
        assert_eq!(grad_input.row(0), SMatrix::<f64, 1, 6>::new(0., 0., 0., 0., 5., 6.));
        assert_eq!(grad_input.row(1), SMatrix::<f64, 1, 6>::new(0., 0., 9., 10., 0., 0.));
    }

    /// ⟨forward(u), v⟩ = ⟨u, backward(v)⟩
    fn check_adjoint<const BATCH: usize>() {
        let input = SMatrix::<f32, BATCH, 15>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f32 - 5.0);
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
