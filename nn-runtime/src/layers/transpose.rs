//! Swaps the last two dimensions. PyTorch: `input.transpose(-2, -1)`.
//!
//! ```text
//! output[.., column, row] = input[.., row, column]    [BATCH, .., COLUMNS, ROWS]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[.., row, column] = grad_output[.., column, row]
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Overwrites `output`. `size` is the rows and columns of the input's last two dimensions.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    _isa: I,
    size: [usize; 2],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
) {
    transpose(size, &input.data.0, &mut output.data.0);
}

/// Overwrites `grad_input`. `size` is the rows and columns of the input's last two dimensions.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    _isa: I,
    [rows, columns]: [usize; 2],
    grad_output: &SMatrix<T, BATCH, N>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    transpose([columns, rows], &grad_output.data.0, &mut grad_input.data.0);
}

/// Lanes of samples are moved whole.
fn transpose<T: Scalar, const BATCH: usize>([rows, columns]: [usize; 2], from: &[[T; BATCH]], to: &mut [[T; BATCH]]) {
    let size = (rows * columns).max(1);
    for (from, to) in from.chunks_exact(size).zip(to.chunks_exact_mut(size)) {
        for (column, to) in to.chunks_exact_mut(rows.max(1)).enumerate() {
            for (lane, from) in to.iter_mut().zip(from.iter().skip(column).step_by(columns.max(1))) {
                *lane = *from;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn swaps_and_swaps_back() {
        let input = SMatrix::<f64, 2, 12>::from_fn(|row, column| (row * 100 + column) as f64);
        let (mut output, mut back) = (SMatrix::zeros(), SMatrix::zeros());
        forward(Portable, [3, 2], &input, &mut output);
        assert_eq!(
            output.row(1).iter().copied().collect::<alloc::vec::Vec<_>>(),
            [100.0, 102.0, 104.0, 101.0, 103.0, 105.0, 106.0, 108.0, 110.0, 107.0, 109.0, 111.0]
        );
        backward_input(Portable, [3, 2], &output, &mut back);
        assert_eq!(back, input);
    }
}
