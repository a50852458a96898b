//! The product that most layers are made of: rows of lanes, each a sum of other lanes times a factor.
//!
//! ```text
//! output[row][lane] = start[row][lane] + Σ_term factor(row, term) · lanes(term)[lane]
//! ```
//!
//! A tile of rows and lanes is summed in registers. Nothing here can panic: what lies outside of a slice ends the sum.

use super::factors::{Factors, Terms, array};
use super::{Isa, widest};
use crate::scalar::Scalar;

/// What a sum starts from.
#[derive(Clone, Copy)]
pub(crate) enum Start<'a, T> {
    /// 0.
    Zero,
    /// One value a row.
    Bias(&'a [T]),
    /// What already stands in the output.
    Output,
}

/// The operands of a product.
#[derive(Clone, Copy)]
pub(crate) struct Product<'a, T, F> {
    /// The matrix of factors.
    pub(crate) factors: F,
    /// The slice that the lanes are in.
    pub(crate) lanes: &'a [T],
    /// The terms of each sum.
    pub(crate) terms: Terms,
    /// What each sum starts from.
    pub(crate) start: Start<'a, T>,
}

/// The rows and lanes of a product's output.
pub(crate) struct Output<'a, T> {
    /// The slice that they are in, beginning with the first row.
    pub(crate) values: &'a mut [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
    /// The number of rows.
    pub(crate) rows: usize,
    /// The number of lanes of each row, a multiple of the batch.
    pub(crate) lanes: usize,
}

impl<T: Scalar, F: Factors<T>> Product<'_, T, F> {
    /// Computes every row and lane of `output`.
    ///
    /// The widest tiles that fit are used for all lanes. Where less than a tile is left, the last one begins earlier and
    /// computes something again; so few kinds of tiles need be compiled. Of 16 registers 12 are sums, of 32 also 16; half as
    /// many hide the latency of an addition.
    #[inline(always)]
    pub(crate) fn run<I: Isa, const BATCH: usize>(&self, isa: I, mut output: Output<T>) {
        let output = &mut output;
        if const { widest::<I, T>() == 32 } && output.lanes >= 32 {
            self.tiles::<I, 32, 8>(isa, output);
        } else if const { widest::<I, T>() == 32 } && output.lanes >= 16 {
            self.tiles::<I, 16, 8>(isa, output);
        } else if const { widest::<I, T>() == 16 } && output.lanes >= 16 {
            self.tiles::<I, 16, 6>(isa, output);
        } else if const { widest::<I, T>() == 8 && I::FMA } && output.lanes >= 8 {
            self.tiles::<I, 8, 6>(isa, output);
        } else if const { widest::<I, T>() == 8 && !I::FMA } && output.lanes >= 8 {
            self.tiles::<I, 8, 4>(isa, output);
        } else if const { widest::<I, T>() >= 16 && BATCH < 16 } && output.lanes >= 8 {
            self.narrow_tiles::<I, 8>(isa, output);
        } else if const { widest::<I, T>() == 4 } && output.lanes >= 4 {
            self.tiles::<I, 4, 4>(isa, output);
        } else if const { BATCH < 8 } && output.lanes >= 4 {
            self.narrow_tiles::<I, 4>(isa, output);
        } else if const { BATCH < 4 } {
            self.tiles::<I, 1, 4>(isa, output);
        }
    }

    #[inline(always)]
    fn narrow_tiles<I: Isa, const L: usize>(&self, isa: I, output: &mut Output<T>) {
        if const { F::BY_ROW } {
            self.tiles::<I, L, 6>(isa, output);
        } else {
            self.tiles::<I, L, 8>(isa, output);
        }
    }

    #[inline(always)]
    fn tiles<I: Isa, const L: usize, const R: usize>(&self, isa: I, output: &mut Output<T>) {
        let rows = output.rows;
        let mut done = 0;
        while done < rows {
            done = if rows >= R && rows - done > 4 {
                self.row_of_tiles::<I, L, R>(isa, done, output)
            } else if rows >= 4 {
                self.row_of_tiles::<I, L, 4>(isa, done, output)
            } else {
                self.row_of_tiles::<I, L, 1>(isa, done, output)
            };
        }
    }

    /// Computes `R` rows, `done` of all being done, and returns how many are done then.
    #[inline(always)]
    fn row_of_tiles<I: Isa, const L: usize, const R: usize>(
        &self,
        isa: I,
        done: usize,
        output: &mut Output<T>,
    ) -> usize {
        let row = done.min(output.rows - R);
        let mut lanes_done = 0;
        while lanes_done < output.lanes {
            let lane = lanes_done.min(output.lanes - L);
            let first = self.first::<R, L>(row, lane, output);
            let sums = self.factors.add(isa, row, self.terms, self.lanes.get(lane..).unwrap_or_default(), first);
            let values = output.values.get_mut(row * output.distance + lane..).unwrap_or_default();
            if const { I::IN_PLACE && L == 4 && 2 * L * size_of::<T>() == I::REGISTER && R.is_multiple_of(2) }
                && output.distance == L
                && (done - row).is_multiple_of(2)
            {
                // whole registers, as they are read next: what is read wider than it was written waits until it is written
                let pairs = sums.as_flattened().as_chunks().0.as_chunks().0;
                for (i, (values, pair)) in values.as_chunks_mut().0.iter_mut().zip(pairs).enumerate() {
                    if row + 2 * i >= done {
                        *values = isa.join(*pair);
                    }
                }
            } else if lane < lanes_done && matches!(self.start, Start::Output) {
                // A copy: were the sums themselves borrowed, they would be summed in memory.
                let copy = sums;
                write_some(values, output.distance, [done - row, lanes_done - lane], &copy);
            } else {
                for (i, sums) in sums.iter().enumerate() {
                    let values = values.get_mut(i * output.distance..).unwrap_or_default();
                    if let Some(values) = values.first_chunk_mut()
                        && row + i >= done
                    {
                        *values = *sums;
                    }
                }
            }
            lanes_done = lane + L;
        }
        row + R
    }

    #[inline(always)]
    fn first<const R: usize, const L: usize>(&self, row: usize, lane: usize, output: &Output<T>) -> [[T; L]; R] {
        let mut sums = [[T::ZERO; L]; R];
        match self.start {
            Start::Zero => {}
            Start::Bias(bias) => {
                for (r, sums) in sums.iter_mut().enumerate() {
                    *sums = [bias.get(row + r).copied().unwrap_or(T::ZERO); L];
                }
            }
            Start::Output => {
                let mut at = row * output.distance + lane;
                for sums in &mut sums {
                    *sums = array(output.values, at).copied().unwrap_or(*sums);
                    at += output.distance;
                }
            }
        }
        sums
    }
}

/// Writes all sums but the first `skip` rows and lanes, which what they started from was not meant for. Not inlined, so
/// that it does not tear the registers of `sums` apart.
#[inline(never)]
fn write_some<T: Scalar, const L: usize>(values: &mut [T], distance: usize, skip: [usize; 2], sums: &[[T; L]]) {
    for (values, sums) in values.chunks_mut(distance.max(1)).zip(sums).skip(skip[0]) {
        for (value, sum) in values.iter_mut().zip(sums).skip(skip[1]) {
            *value = *sum;
        }
    }
}
