//! The last step of a sequence. PyTorch: `input[:, -1]`.
//!
//! ```text
//! output = input[last step]    [BATCH, steps, F] -> [BATCH, F]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[last step] = grad_output, the others 0
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Overwrites `output`. N is a multiple of F.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const F: usize>(
    _isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, F>,
) {
    for (output, input) in output.data.0.iter_mut().rev().zip(input.data.0.iter().rev()) {
        *output = *input;
    }
}

/// Overwrites `grad_input`.
#[inline]
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const F: usize>(
    _isa: impl Isa,
    grad_output: &SMatrix<T, BATCH, F>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let mut last = grad_output.data.0.iter().rev();
    for lane in grad_input.data.0.iter_mut().rev() {
        *lane = last.next().copied().unwrap_or([T::ZERO; BATCH]);
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
        forward(Portable, &input, &mut output);
        assert_eq!(output, SMatrix::<f64, 2, 2>::new(5., 6., 11., 12.));
    }

    /// ⟨forward(u), v⟩ = ⟨u, backward(v)⟩
    fn check_adjoint<const BATCH: usize>() {
        let input = SMatrix::<f32, BATCH, 15>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f32 - 5.0);
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
