//! Blocks of few columns: neither they nor the rows are transposed, each product is summed over vectors of lanes, and in the end
//! over the lanes of a vector.

use super::rows::Rows;
use super::{Block, Contraction, MOST_ROWS, Sums};
use crate::kernels::factors::array;
use crate::kernels::transposed::total;
use crate::kernels::{Isa, sums};
use crate::scalar::Scalar;

/// How many columns are few.
const COLUMNS: usize = 8;

/// The most products of a tile.
const MOST: usize = 24;

impl<T: Scalar, X: Rows<T>> Contraction<'_, T, X> {
    /// Whether the block's columns are few, and none of its lanes beyond the last.
    #[inline(always)]
    pub(super) fn is_few<const TERMS: usize>(&self, block: Block) -> bool {
        block.width <= COLUMNS && block.lane + TERMS <= self.lanes
    }

    /// Adds the sums of a block of few columns to `output`. Of 16 registers 12 are sums, of 32 also 24: of 6 outputs under a 5x5
    /// window, 57 and 75 % of the peak of AVX2.
    #[inline(always)]
    pub(super) fn add_few<I: Isa, const TERMS: usize>(
        &self,
        isa: I,
        block: Block,
        copies: &mut [[T; TERMS]; MOST_ROWS],
        output: &mut Sums<T>,
    ) {
        if const { I::REGISTER == 64 } && block.width > 6 {
            self.add_dots::<I, TERMS, 3, 8>(isa, block, copies, output);
        } else if const { I::REGISTER == 64 } {
            self.add_dots::<I, TERMS, 4, 6>(isa, block, copies, output);
        } else {
            self.add_dots::<I, TERMS, 3, 2>(isa, block, copies, output);
        }
    }

    /// Adds the sums of a block of few columns to `output`, in tiles of `R` rows and `C` columns.
    #[inline(always)]
    fn add_dots<I: Isa, const TERMS: usize, const R: usize, const C: usize>(
        &self,
        isa: I,
        block: Block,
        copies: &mut [[T; TERMS]; MOST_ROWS],
        output: &mut Sums<T>,
    ) {
        let values = self.columns::<TERMS>(block).values;
        for (i, sum) in output.of_columns.iter_mut().skip(block.column).take(block.width).enumerate() {
            let column = values.get(i * self.column_distance..).unwrap_or_default();
            *sum += sums::total(isa, column.get(..TERMS).unwrap_or_default());
        }
        let mut done = 0;
        while done < self.row_count {
            let first = done.min(self.row_count.saturating_sub(R));
            let rows = copies.first_chunk_mut::<R>().and_then(|copies| self.rows.fetch(first, block.lane, copies));
            let Some(rows) = rows else { return };
            for column in (0..block.width).step_by(C) {
                let width = block.width - column;
                let values = values.get(column * self.column_distance..).unwrap_or_default();
                let Some(columns) = columns::<T, TERMS, C>(values, self.column_distance, width) else { return };
                let products = dots(isa, rows, columns);
                for row in done..(first + R).min(self.row_count) {
                    let start = row * output.distance + block.column + column;
                    let values = output.values.get_mut(start..).unwrap_or_default();
                    for (value, products) in values.iter_mut().zip(&products).take(width) {
                        *value += products.get(row - first).copied().unwrap_or(T::ZERO);
                    }
                }
            }
            done = first + R;
        }
    }
}

/// `C` columns from the first of `values` on, as far apart as `distance`; beyond the `count`th, the last again.
#[inline(always)]
fn columns<T, const TERMS: usize, const C: usize>(
    values: &[T],
    distance: usize,
    count: usize,
) -> Option<[&[T; TERMS]; C]> {
    let mut columns = [array(values, 0)?; C];
    for (i, column) in columns.iter_mut().enumerate() {
        *column = array(values, i.min(count - 1) * distance)?;
    }
    Some(columns)
}

/// `Σ_term rows(row)[term] · columns(column)[term]`, column by column.
///
/// A product is a sum of 16 lanes, of `f64` 8, whether they are one register or two.
#[inline(always)]
fn dots<I: Isa, T: Scalar, const TERMS: usize, const R: usize, const C: usize>(
    isa: I,
    rows: [&[T; TERMS]; R],
    columns: [&[T; TERMS]; C],
) -> [[T; R]; C] {
    if const { T::LANES == 16 } {
        vectors::<I, T, TERMS, R, C, 16, 8>(isa, rows, columns)
    } else {
        vectors::<I, T, TERMS, R, C, 8, 4>(isa, rows, columns)
    }
}

#[inline(always)]
fn vectors<I: Isa, T: Scalar, const TERMS: usize, const R: usize, const C: usize, const L: usize, const HALF: usize>(
    isa: I,
    rows: [&[T; TERMS]; R],
    columns: [&[T; TERMS]; C],
) -> [[T; R]; C] {
    let mut sums = [[[T::ZERO; L]; R]; C];
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
    let mut folded = [[T::ZERO; HALF]; MOST];
    for (folded, sums) in folded.iter_mut().zip(copy.as_flattened()) {
        if let [low, high] = sums.as_chunks().0 {
            *folded = *low;
            isa.add_scaled(T::ONE, high, folded);
        }
    }
    let mut totals = [[T::ZERO; R]; C];
    for (totals, folded) in totals.as_flattened_mut().chunks_mut(4).zip(folded.as_chunks().0) {
        for (place, total) in totals.iter_mut().zip(total(isa, *folded)) {
            *place = total;
        }
    }
    totals
}
