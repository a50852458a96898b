//! A part of the values along one dimension. PyTorch: `torch.narrow(input, dim, start, length)`.
//!
//! ```text
//! output[.., i, ..] = input[.., start + i, ..]   i < length    [BATCH, .., SIZE, ..] -> [BATCH, .., LENGTH, ..]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[.., start + i, ..] = grad_output[.., i, ..]   i < length, the others 0
//! ```
//!
//! Nothing is cached. The dimensions behind the narrowed one are a part of its sizes here: a block of `size` values of the
//! input has one part, which begins at `start`.

use nalgebra::SMatrix;

use crate::families::parts;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Overwrites `output` with the part of each block of the input.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    _isa: impl Isa,
    start: usize,
    size: usize,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    parts::split(output, input, pieces::<N>(size), start);
}

/// Overwrites `grad_input`.
#[inline]
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    _isa: impl Isa,
    start: usize,
    size: usize,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    grad_input.as_mut_slice().fill(T::ZERO);
    parts::join(grad_output, grad_input, pieces::<N>(size), start);
}

/// One step of a sequence whose steps are not narrowed: overwrites `output` with the part of a frame.
#[inline]
pub fn step<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    start: usize,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    forward(isa, start, N, input, output);
}

/// The number of blocks of `size` values.
#[inline(always)]
fn pieces<const N: usize>(size: usize) -> usize {
    N.checked_div(size).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn takes_a_part_of_each_block() {
        let input = SMatrix::<f64, 2, 12>::from_fn(|row, column| (row * 100 + column) as f64);
        let mut output = SMatrix::<f64, 2, 8>::repeat(99.0);
        // [2, 3, 2], of which the last 2 of 3
        forward(Portable, 2, 6, &input, &mut output);
        assert_eq!(
            output.row(0).iter().copied().collect::<alloc::vec::Vec<_>>(),
            [2.0, 3.0, 4.0, 5.0, 8.0, 9.0, 10.0, 11.0]
        );
        let mut back = SMatrix::<f64, 2, 12>::repeat(99.0);
        backward_input(Portable, 2, 6, &SMatrix::<f64, 2, 8>::repeat(1.0), &mut back);
        assert_eq!(back, SMatrix::<f64, 2, 12>::from_fn(|_, column| f64::from(column % 6 >= 2)));
    }
}
