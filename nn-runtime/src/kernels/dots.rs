//! A contraction of a few columns: neither they nor the rows are transposed, each product is summed over vectors of lanes, and
//! in the end over the lanes of a vector. Where there are no more columns than fit a tile, that is twice as fast.

use super::Isa;
use super::factors::array;
use super::transposed::total;
use crate::scalar::Scalar;

/// The rows and columns of a tile: a vector of sums for each pair of them, in 12 of 16 registers.
pub(super) const ROWS: usize = 2;
pub(super) const COLUMNS: usize = 6;

/// The columns from the first of `values` on, as far apart as `distance`; beyond the `count`th, the last again.
#[inline(always)]
pub(super) fn columns<T, const TERMS: usize>(
    values: &[T],
    distance: usize,
    count: usize,
) -> Option<[&[T; TERMS]; COLUMNS]> {
    let mut columns = [array(values, 0)?; COLUMNS];
    for (i, column) in columns.iter_mut().enumerate() {
        *column = array(values, i.min(count - 1) * distance)?;
    }
    Some(columns)
}

/// `Σ_term rows(row)[term] · columns(column)[term]`, column by column.
#[inline(always)]
pub(super) fn dots<I: Isa, T: Scalar, const TERMS: usize>(
    isa: I,
    rows: [&[T; TERMS]; ROWS],
    columns: [&[T; TERMS]; COLUMNS],
) -> [[T; ROWS]; COLUMNS] {
    if const { T::LANES == 16 } {
        vectors::<I, T, TERMS, 8>(isa, rows, columns)
    } else {
        vectors::<I, T, TERMS, 4>(isa, rows, columns)
    }
}

#[inline(always)]
fn vectors<I: Isa, T: Scalar, const TERMS: usize, const L: usize>(
    isa: I,
    rows: [&[T; TERMS]; ROWS],
    columns: [&[T; TERMS]; COLUMNS],
) -> [[T; ROWS]; COLUMNS] {
    let mut sums = [[[T::ZERO; L]; ROWS]; COLUMNS];
    for chunk in 0..TERMS / L {
        // the inner loop is that of the rows: those of a chunk stay in registers, the columns pass by
        for (sums, column) in sums.iter_mut().zip(columns) {
            let Some(column) = column.as_chunks::<L>().0.get(chunk) else { break };
            for (sums, row) in sums.iter_mut().zip(rows) {
                let Some(row) = row.as_chunks::<L>().0.get(chunk) else { break };
                isa.add_products(row, column, sums);
            }
        }
    }
    // A copy: were the sums themselves borrowed, they would be summed in memory.
    let copy = sums;
    let mut totals = [[T::ZERO; ROWS]; COLUMNS];
    for (totals, sums) in totals.as_flattened_mut().as_chunks_mut().0.iter_mut().zip(copy.as_flattened().as_chunks().0)
    {
        *totals = total(isa, *sums);
    }
    totals
}
