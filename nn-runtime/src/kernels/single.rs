//! Products of a matrix with a single vector.

use super::Isa;
use crate::scalar::Scalar;

/// `output = bias + Σ_column matrix[column] · input[column]`, the matrix column by column.
#[inline(always)]
pub(crate) fn product<I: Isa, T: Scalar>(isa: I, matrix: &[T], bias: Option<&[T]>, input: &[T], output: &mut [T]) {
    output.fill(T::ZERO);
    if let Some(bias) = bias {
        for (output, bias) in output.iter_mut().zip(bias) {
            *output = *bias;
        }
    }
    let rows = output.len().max(1);
    for (column, input) in matrix.chunks_exact(rows).zip(input) {
        for (output, factor) in output.iter_mut().zip(column) {
            *output = isa.mul_add(*factor, *input, *output);
        }
    }
}

/// `output[column] = Σ_row matrix[column][row] · input[row]`, the matrix column by column.
#[inline(always)]
pub(crate) fn transposed_product<I: Isa, T: Scalar>(isa: I, matrix: &[T], input: &[T], output: &mut [T]) {
    for (column, output) in matrix.chunks_exact(input.len().max(1)).zip(output) {
        *output = column.iter().zip(input).fold(T::ZERO, |sum, (factor, input)| isa.mul_add(*factor, *input, sum));
    }
}
