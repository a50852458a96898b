//! The terms of a product, and the factors of its rows.

use super::Isa;
use crate::scalar::Scalar;

/// The terms of a sum.
#[derive(Clone, Copy)]
pub(crate) struct Terms {
    /// How many there are.
    pub(super) count: usize,
    /// How far, in the factors, neighbouring terms are apart.
    pub(super) factor: usize,
    /// How far, in the lanes, neighbouring terms are apart.
    pub(super) lanes: usize,
}

impl Terms {
    /// `count` terms, `factor` and `lanes` apart, at least 1.
    #[inline(always)]
    pub(crate) fn new(count: usize, factor: usize, lanes: usize) -> Self {
        Self { count, factor: factor.max(1), lanes: lanes.max(1) }
    }
}

/// A matrix of factors.
pub(crate) trait Factors<T>: Copy {
    /// Whether each row is read through a pointer of its own, so that fewer rows at once are faster.
    const BY_ROW: bool;

    /// Adds the `terms` of a tile whose first row is `row`; `lanes` begins with its first lane.
    fn add<I: Isa, const R: usize, const L: usize>(
        self,
        isa: I,
        row: usize,
        terms: Terms,
        lanes: &[T],
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
        terms: Terms,
        lanes: &[T],
        mut sums: [[T; L]; R],
    ) -> [[T; L]; R] {
        let (mut factor, mut lane) = (row, 0);
        for _ in 0..terms.count {
            let (Some(lanes), Some(factors)) = (array(lanes, lane), array::<T, R>(self.0, factor)) else { break };
            factor += terms.factor;
            lane += terms.lanes;
            let lanes = *lanes;
            if cfg!(debug_assertions) {
                isa.add_term(*factors, &lanes, &mut sums);
                continue;
            }
            for (sums, factor) in sums.iter_mut().zip(factors) {
                isa.add_scaled(*factor, &lanes, sums);
            }
        }
        sums
    }
}

/// Factors of which those of one row are neighbours.
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
        terms: Terms,
        lanes: &[T],
        mut sums: [[T; L]; R],
    ) -> [[T; L]; R] {
        let mut rows: [&[T]; R] = [&[]; R];
        let mut start = row * self.distance;
        for row in &mut rows {
            let values = self.values.get(start..).and_then(|values| values.get(..terms.count));
            let Some(values) = values else { return sums };
            *row = values;
            start += self.distance;
        }
        let lanes = lanes.windows(L).step_by(terms.lanes);
        for (term, lanes) in (0..terms.count).zip(lanes) {
            if cfg!(debug_assertions) {
                let Some(lanes) = lanes.first_chunk() else { break };
                let (mut factors, mut i) = ([T::ZERO; R], 0);
                while i < R {
                    factors[i] = rows[i][term];
                    i += 1;
                }
                isa.add_term(factors, lanes, &mut sums);
                continue;
            }
            let (Some(factors), Some(lanes)) = (column(&rows, term), lanes.first_chunk()) else { break };
            let lanes = *lanes;
            for (sums, factor) in sums.iter_mut().zip(factors) {
                isa.add_scaled(*factor, &lanes, sums);
            }
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
