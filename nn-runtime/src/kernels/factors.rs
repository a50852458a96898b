//! The terms of a product, and the factors of its rows.

use super::Isa;
use crate::scalar::Scalar;

/// The terms of a sum, as three nested loops; the last is the innermost. The distances may be negative, wrapped.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// How often each loop runs.
    pub(crate) count: [usize; 3],
    /// How far each loop moves through the factors.
    pub(crate) factor: [usize; 3],
    /// How far each loop moves through the lanes.
    pub(crate) lanes: [usize; 3],
    /// Where the first term's factors are.
    pub(crate) first_factor: usize,
    /// Where the first term's lanes are.
    pub(crate) first_lane: usize,
}

impl Terms {
    /// One loop of `count` terms.
    #[inline(always)]
    pub(crate) fn new(count: usize, factor: usize, lanes: usize) -> Self {
        Self { count: [1, 1, count], factor: [0, 0, factor], lanes: [0, 0, lanes], first_factor: 0, first_lane: 0 }
    }
}

/// The innermost loop of the terms: where it begins, and how far its terms are apart.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a, T> {
    pub(super) count: usize,
    pub(super) factor: usize,
    pub(super) factor_distance: usize,
    pub(super) lanes: &'a [T],
    pub(super) lanes_distance: usize,
}

/// A matrix of factors.
pub(crate) trait Factors<T>: Copy {
    /// Whether each row is read through a pointer of its own, so that fewer rows at once are faster.
    const BY_ROW: bool;

    /// Adds the terms of `stretch` to a tile whose first row is `row`.
    fn add<I: Isa, const R: usize, const L: usize>(
        self,
        isa: I,
        row: usize,
        stretch: Stretch<T>,
        sums: [[T; L]; R],
    ) -> [[T; L]; R];
}

/// Factors of which those of one term, for neighbouring rows, are neighbours.
#[derive(Clone, Copy)]
pub(crate) struct ByTerm<'a, T>(pub(crate) &'a [T]);

impl<T: Scalar> Factors<T> for ByTerm<'_, T> {
    const BY_ROW: bool = false;

    #[inline(always)]
    fn add<I: Isa, const R: usize, const L: usize>(
        self,
        isa: I,
        row: usize,
        stretch: Stretch<T>,
        mut sums: [[T; L]; R],
    ) -> [[T; L]; R] {
        let mut factor = stretch.factor.wrapping_add(row);
        let mut lane = 0;
        for _ in 0..stretch.count {
            let Some(lanes) = array(stretch.lanes, lane) else { break };
            let Some(factors) = array::<T, R>(self.0, factor) else { break };
            let lanes = *lanes;
            for (sums, factor) in sums.iter_mut().zip(factors) {
                isa.add_scaled(*factor, &lanes, sums);
            }
            factor = factor.wrapping_add(stretch.factor_distance);
            lane = lane.wrapping_add(stretch.lanes_distance);
        }
        sums
    }
}

/// Factors of which those of one row, for the terms of a stretch, are neighbours.
#[derive(Clone, Copy)]
pub(crate) struct ByRow<'a, T> {
    /// The slice that they are in.
    pub(crate) values: &'a [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
}

impl<T: Scalar> Factors<T> for ByRow<'_, T> {
    const BY_ROW: bool = true;

    #[inline(always)]
    fn add<I: Isa, const R: usize, const L: usize>(
        self,
        isa: I,
        row: usize,
        stretch: Stretch<T>,
        mut sums: [[T; L]; R],
    ) -> [[T; L]; R] {
        let mut rows: [&[T]; R] = [&[]; R];
        let mut factor = stretch.factor.wrapping_add(row * self.distance);
        for row in &mut rows {
            let values = self.values.get(factor..).and_then(|values| values.get(..stretch.count));
            let Some(values) = values else { return sums };
            *row = values;
            factor = factor.wrapping_add(self.distance);
        }
        let mut lane = 0;
        for term in 0..stretch.count {
            let Some(factors) = column(&rows, term) else { break };
            let Some(lanes) = array(stretch.lanes, lane) else { break };
            let lanes = *lanes;
            for (sums, factor) in sums.iter_mut().zip(factors) {
                isa.add_scaled(*factor, &lanes, sums);
            }
            lane = lane.wrapping_add(stretch.lanes_distance);
        }
        sums
    }
}

/// The values at `term` of all rows.
#[inline(always)]
fn column<'a, T, const R: usize>(rows: &[&'a [T]; R], term: usize) -> Option<[&'a T; R]> {
    let mut column = [rows.first()?.get(term)?; R];
    for (value, row) in column.iter_mut().zip(rows) {
        *value = row.get(term)?;
    }
    Some(column)
}

#[inline(always)]
pub(super) fn array<T, const N: usize>(values: &[T], start: usize) -> Option<&[T; N]> {
    values.get(start..).and_then(|values| values.first_chunk())
}
