//! A row of a matrix that each sample has its own of: lanes that are multiplied with each other, and summed.
//!
//! A tile of several columns hides the latency of the sums: four of two registers each, or eight of fewer lanes. The last
//! one begins earlier, and computes something again.

use crate::kernels::factors::array;
use crate::kernels::{Isa, Lanes, each_lane, load, store};
use crate::scalar::Scalar;

/// `output[column] = Σ_term left[term] · right[column][term]`
pub(super) struct Dots<'a, T, const BATCH: usize> {
    /// As many as there are terms.
    pub(super) left: &'a [[T; BATCH]],
    pub(super) right: &'a [[T; BATCH]],
    /// How far neighbouring columns of `right` are apart.
    pub(super) distance: usize,
}

/// `output[column] = Σ_term left[term] · right[term][column]`
pub(super) struct Sum<'a, T, const BATCH: usize> {
    pub(super) left: &'a [[T; BATCH]],
    pub(super) right: &'a [[T; BATCH]],
    /// How far neighbouring terms are apart, in `left` and in `right`.
    pub(super) distances: [usize; 2],
    pub(super) terms: usize,
}

/// What a row is made of.
pub(super) trait Columns<T> {
    /// `L` lanes of `C` columns.
    fn sums<I: Isa, const L: usize, const C: usize>(&self, isa: I, lane: usize, column: usize) -> [[T; L]; C];
}

impl<T: Scalar, const BATCH: usize> Columns<T> for Dots<'_, T, BATCH> {
    #[inline(always)]
    fn sums<I: Isa, const L: usize, const C: usize>(&self, isa: I, lane: usize, column: usize) -> [[T; L]; C] {
        let mut sums = [[T::ZERO; L]; C];
        let mut columns: [&[[T; BATCH]]; C] = [&[]; C];
        for (i, values) in columns.iter_mut().enumerate() {
            let right = self.right.get((column + i) * self.distance..).unwrap_or_default();
            let Some(right) = right.get(..self.left.len()) else { return sums };
            *values = right;
        }
        for (term, left) in self.left.iter().enumerate() {
            let factors = load(left, lane);
            for (sums, column) in sums.iter_mut().zip(columns) {
                let Some(lanes) = column.get(term).and_then(|lanes| array(lanes, lane)) else { break };
                isa.add_products(&factors, lanes, sums);
            }
        }
        sums
    }
}

impl<T: Scalar, const BATCH: usize> Columns<T> for Sum<'_, T, BATCH> {
    #[inline(always)]
    fn sums<I: Isa, const L: usize, const C: usize>(&self, isa: I, lane: usize, column: usize) -> [[T; L]; C] {
        let mut sums = [[T::ZERO; L]; C];
        let [left_distance, right_distance] = self.distances;
        let (mut left, mut right) = (0, column);
        for _ in 0..self.terms {
            let Some(factors) = self.left.get(left) else { break };
            let Some(columns) = array::<[T; BATCH], C>(self.right, right) else { break };
            let factors = load(factors, lane);
            for (sums, lanes) in sums.iter_mut().zip(columns) {
                isa.add_products(&factors, &load(lanes, lane), sums);
            }
            left += left_distance;
            right += right_distance;
        }
        sums
    }
}

/// Overwrites `output`.
#[inline(always)]
pub(super) fn write<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    columns: impl Columns<T>,
    output: &mut [[T; BATCH]],
) {
    each_lane::<I, T, BATCH>(isa, &mut Row { columns, output });
}

struct Row<'a, T, X, const BATCH: usize> {
    columns: X,
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, X: Columns<T>, const BATCH: usize> Lanes for Row<'_, T, X, BATCH> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let columns = self.output.len();
        let mut done = 0;
        while done < columns {
            done = if const { L < T::LANES } && columns >= 8 {
                self.tile::<I, L, 8>(isa, lane, done.min(columns - 8))
            } else if columns >= 4 {
                self.tile::<I, L, 4>(isa, lane, done.min(columns - 4))
            } else {
                self.tile::<I, L, 1>(isa, lane, done)
            };
        }
    }
}

impl<T: Scalar, X: Columns<T>, const BATCH: usize> Row<'_, T, X, BATCH> {
    /// Computes `C` columns, and returns how many of all are done then.
    #[inline(always)]
    fn tile<I: Isa, const L: usize, const C: usize>(&mut self, isa: I, lane: usize, column: usize) -> usize {
        let sums: [[T; L]; C] = self.columns.sums(isa, lane, column);
        let output = self.output.get_mut(column..).unwrap_or_default();
        for (output, sums) in output.iter_mut().zip(sums) {
            store(output, lane, sums);
        }
        column + C
    }
}
