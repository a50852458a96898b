//! The gradient of a matrix of factors: a sum over lanes.
//!
//! ```text
//! output[row][column] += Σ_lane rows(row)[lane] · columns(column)[lane]
//! ```
//!
//! The columns are transposed, a block at a time, so that they become the lanes of a [`Product`] and the lanes its terms.

use super::Isa;
use super::product::{ByRow, Output, Product, Start, Terms};
use crate::scalar::Scalar;

/// How many columns are transposed at once.
const BLOCK: usize = 16;

/// Rows of lanes, all of them `distance` apart, the first at the start of `values`.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<'a, T> {
    /// The slice that they are in.
    pub(crate) values: &'a [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
    /// The number of rows.
    pub(crate) count: usize,
}

/// Adds to `output`, whose columns are neighbours and whose rows are `columns.count` apart, the sums over `BATCH` lanes.
#[inline(always)]
pub(crate) fn contract<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    rows: Lanes<T>,
    columns: Lanes<T>,
    output: &mut [T],
) {
    let mut transposed = [[T::ZERO; BLOCK]; BATCH];
    let mut column = 0;
    while column < columns.count {
        let width = BLOCK.min(columns.count - column);
        let values = columns.values.get(column * columns.distance..).unwrap_or_default();
        transpose(values, columns.distance, width, &mut transposed);
        let product = Product {
            factors: ByRow { values: rows.values, distance: rows.distance },
            lanes: transposed.as_flattened(),
            terms: Terms::new(BATCH, 1, BLOCK),
            start: Start::Output,
        };
        let values = output.get_mut(column..).unwrap_or_default();
        product.run::<I, 1>(isa, Output { values, distance: columns.count, rows: rows.count, lanes: width });
        column += BLOCK;
    }
}

#[inline(always)]
fn transpose<T: Scalar, const N: usize, const BATCH: usize>(
    values: &[T],
    distance: usize,
    width: usize,
    transposed: &mut [[T; N]; BATCH],
) {
    for column in 0..width.min(N) {
        let lanes = values.get(column * distance..).unwrap_or_default();
        for (row, lane) in transposed.iter_mut().zip(lanes) {
            if let Some(value) = row.get_mut(column) {
                *value = *lane;
            }
        }
    }
}

/// Adds to each of `sums` the sum of its `BATCH` lanes.
#[inline(always)]
pub(crate) fn sum_lanes<I: Isa, T: Scalar, const BATCH: usize>(_isa: I, lanes: &[T], sums: &mut [T]) {
    for (lanes, sum) in lanes.as_chunks::<BATCH>().0.iter().zip(sums) {
        *sum += lanes.iter().copied().sum();
    }
}
