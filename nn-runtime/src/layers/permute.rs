//! The dimensions in another order. PyTorch: `input.permute(0, ..)`, where the batch stays the first.
//!
//! ```text
//! output[i[order[0]], i[order[1]], ..] = input[i[0], i[1], ..]    [BATCH, ..] -> [BATCH, ..]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[i[0], i[1], ..] = grad_output[i[order[0]], i[order[1]], ..]
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::families::places::{gather, scatter, strides};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Overwrites `output`. `sizes` are those of the input; `order` says which of its dimensions each of the output's is.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const D: usize>(
    _isa: impl Isa,
    sizes: [usize; D],
    order: [usize; D],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
) {
    let [sizes, strides] = [sizes, strides(sizes)].map(|of_input| reorder(of_input, order));
    gather(sizes, |dimension, index| along(strides, dimension, index), T::ZERO, &input.data.0, &mut output.data.0);
}

/// Overwrites `grad_input`. `sizes` and `order` are those of the forward pass.
#[inline]
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const D: usize>(
    _isa: impl Isa,
    sizes: [usize; D],
    order: [usize; D],
    grad_output: &SMatrix<T, BATCH, N>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let [sizes, strides] = [sizes, strides(sizes)].map(|of_input| reorder(of_input, order));
    let place = |dimension, index| along(strides, dimension, index);
    scatter(sizes, place, &grad_output.data.0, &mut grad_input.data.0);
}

/// What each dimension of the output has of the input's.
#[inline(always)]
fn reorder<const D: usize>(of_input: [usize; D], order: [usize; D]) -> [usize; D] {
    order.map(|dimension| of_input.get(dimension).copied().unwrap_or_default())
}

#[inline(always)]
fn along<const D: usize>(strides: [usize; D], dimension: usize, index: usize) -> Option<usize> {
    strides.get(dimension).map(|stride| index * stride)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "values are moved as they are")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn moves_each_value_and_moves_it_back() {
        let input = SMatrix::<f64, 2, 24>::from_fn(|row, column| (row * 100 + column) as f64);
        let (mut output, mut back) = (SMatrix::zeros(), SMatrix::zeros());
        for order in [[1, 2, 0], [2, 1, 0], [1, 0, 2], [0, 1, 2]] {
            let sizes = [2, 3, 4];
            forward(Portable, sizes, order, &input, &mut output);
            let made = order.map(|dimension| sizes[dimension]);
            for column in 0..24 {
                let at = [column / 12, column / 4 % 3, column % 4];
                let [a, b, c] = order.map(|dimension| at[dimension]);
                assert_eq!(output[(1, (a * made[1] + b) * made[2] + c)], input[(1, column)], "order {order:?}");
            }
            backward_input(Portable, sizes, order, &output, &mut back);
            assert_eq!(back, input);
        }
    }
}
