//! Where the rows of a contraction come from.

use crate::scalar::Scalar;

/// Rows of lanes, wherever they come from.
pub(crate) trait Rows<T> {
    /// `R` rows, beginning with `row`: the `TERMS` lanes from `lane` on, in place or copied. What comes after the last row
    /// is of no account.
    fn fetch<'a, const R: usize, const TERMS: usize>(
        &'a self,
        row: usize,
        lane: usize,
        copies: &'a mut [[T; TERMS]; R],
    ) -> Option<[&'a [T; TERMS]; R]>;
}

/// Rows of as many lanes as are worked off at once, one after the other, and after a distance the same rows' next lanes.
#[derive(Clone, Copy)]
pub(crate) struct Blocks<'a, T> {
    /// The slice that they are in, beginning with the first row.
    pub(crate) values: &'a [T],
    /// How far the blocks of lanes are apart; of no account where there is one.
    pub(crate) distance: usize,
}

impl<T: Scalar> Rows<T> for Blocks<'_, T> {
    #[inline(always)]
    fn fetch<'a, const R: usize, const TERMS: usize>(
        &'a self,
        row: usize,
        lane: usize,
        copies: &'a mut [[T; TERMS]; R],
    ) -> Option<[&'a [T; TERMS]; R]> {
        let block = self.values.get(lane / TERMS * self.distance..)?;
        let rows = block.as_chunks().0.get(row..)?;
        if let Some(rows) = rows.first_chunk() {
            return Some(rows.each_ref());
        }
        for (copy, row) in copies.iter_mut().zip(rows) {
            *copy = *row;
        }
        Some(copies.each_ref())
    }
}

/// Rows of so many lanes, at a distance from each other.
#[derive(Clone, Copy)]
pub(crate) struct Spaced<'a, T> {
    /// The slice that they are in, beginning with the first.
    pub(crate) values: &'a [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
    /// The number of lanes of a row.
    pub(crate) lanes: usize,
}

impl<T: Scalar> Rows<T> for Spaced<'_, T> {
    #[inline(always)]
    fn fetch<'a, const R: usize, const TERMS: usize>(
        &'a self,
        row: usize,
        lane: usize,
        copies: &'a mut [[T; TERMS]; R],
    ) -> Option<[&'a [T; TERMS]; R]> {
        let row_of = |i: usize| self.values.get((row + i) * self.distance + lane..).unwrap_or_default();
        if lane + TERMS <= self.lanes
            && let Some(first) = row_of(0).first_chunk()
        {
            let mut rows = [first; R];
            for (i, row) in rows.iter_mut().enumerate() {
                *row = row_of(i).first_chunk().unwrap_or(first);
            }
            return Some(rows);
        }
        for (i, copy) in copies.iter_mut().enumerate() {
            *copy = [T::ZERO; TERMS];
            for (place, value) in copy.iter_mut().zip(row_of(i)).take(self.lanes - lane) {
                *place = *value;
            }
        }
        Some(copies.each_ref())
    }
}
