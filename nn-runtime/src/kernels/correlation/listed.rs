//! The terms that pixels are sums of, listed once for all pixels with the same terms.

use super::Correlation;
use crate::kernels::factors::array;
use crate::kernels::taps::Run;
use crate::scalar::Scalar;

/// The most rows of a tile, with room for a vector.
pub(super) const ROWS: usize = 8;

/// The most terms of a list: all of 6 channels under a 5x5 window, in 7 kB of stack.
pub(crate) const MOST_TERMS: usize = 160;

/// A term of a tile's rows. Its parts stand together, so that one register leads through the list.
#[derive(Clone, Copy)]
pub(super) struct Term<T> {
    /// The factors of the rows.
    pub(super) factors: [T; ROWS],
    /// How far its lanes are from those of the first of all terms.
    pub(super) lane: u32,
}

/// A list of terms.
pub(crate) struct Listed<T> {
    /// What the sums of each row start from.
    start: [T; ROWS],
    terms: [Term<T>; MOST_TERMS],
    /// Where the factor of each for the first row of all is.
    places: [u32; MOST_TERMS],
    /// How many there are, and in the lists before.
    count: usize,
    before: usize,
    /// Whether the sums start with them.
    are_first: bool,
}

impl<T: Scalar> Listed<T> {
    /// An empty list.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self {
            start: [T::ZERO; ROWS],
            terms: [Term { factors: [T::ZERO; ROWS], lane: 0 }; MOST_TERMS],
            places: [0; MOST_TERMS],
            count: 0,
            before: 0,
            are_first: true,
        }
    }

    /// Lists the terms of a run's pixels from the `start`th on. Returns which is the next, if there are more of them.
    #[inline(always)]
    pub(super) fn list(
        &mut self,
        correlation: &Correlation<T>,
        across: Run,
        batch: usize,
        start: usize,
    ) -> Option<usize> {
        let Correlation { inner: [inner, inner_factor, inner_lanes], down, tap_distance, source_row, .. } =
            *correlation;
        let clip = across.clip;
        let across = correlation.across;
        let steps = [across.tap_distance.wrapping_mul(tap_distance[1]), across.source_distance * batch];
        let first = clip.first.wrapping_mul(steps[0]).wrapping_add(across.first_tap * tap_distance[1]);
        (self.before, self.count) = (start, 0);
        self.are_first = start == 0 && !correlation.goes_on;
        if clip.count * inner == 0 {
            return None;
        }
        let mut j = start % clip.count;
        let (mut k, mut i) = (start / clip.count % inner, start / clip.count / inner);
        while i < down.taps && self.count < MOST_TERMS {
            let tap = down.first_tap.wrapping_add(i.wrapping_mul(down.tap_distance));
            let mut place = first.wrapping_add(tap * tap_distance[0] + k * inner_factor);
            place = place.wrapping_add(j.wrapping_mul(steps[0]));
            let mut lane = i * down.source_distance * source_row + k * inner_lanes + j * steps[1];
            let count = (clip.count - j).min(MOST_TERMS - self.count);
            let stretch = self.count..self.count + count;
            let places = self.places.get_mut(stretch.clone()).unwrap_or_default();
            let terms = self.terms.get_mut(stretch).unwrap_or_default();
            for (place_of_term, term) in places.iter_mut().zip(terms) {
                (*place_of_term, term.lane) = (place as u32, lane as u32);
                (place, lane) = (place.wrapping_add(steps[0]), lane + steps[1]);
            }
            self.count += count;
            (j, k) = (0, k + 1);
            if k == inner {
                (k, i) = (0, i + 1);
            }
        }
        let next = start + self.count;
        (next < down.taps * inner * clip.count).then_some(next)
    }

    /// Takes the factors for the rows from `row` on to their terms.
    #[inline(always)]
    pub(super) fn gather(&mut self, correlation: &Correlation<T>, row: usize) {
        let Correlation { factors: from, row_distance, rows, bias, .. } = *correlation;
        for (start, row) in self.start.iter_mut().zip(row..) {
            *start = bias.and_then(|bias| bias.get(row)).copied().unwrap_or(T::ZERO);
        }
        let from = from.get(row * row_distance..).unwrap_or_default();
        let terms = self.terms.get_mut(..self.count).unwrap_or_default();
        for (Term { factors, .. }, place) in terms.iter_mut().zip(&self.places) {
            let place = *place as usize;
            match array(from, place) {
                Some(neighbours) if row_distance == 1 => *factors = *neighbours,
                _ => {
                    for (r, factor) in factors.iter_mut().enumerate().take(rows - row) {
                        *factor = from.get(place + r * row_distance).copied().unwrap_or(T::ZERO);
                    }
                }
            }
        }
    }

    /// Those of the listed terms that are between two of all, if there are any; or none, of pixels whose sums are yet to start.
    /// `before` is how far the lanes of the first of them are from those of the first of all.
    #[inline(always)]
    pub(super) fn between(&self, [first, end]: [usize; 2], before: usize) -> Option<Terms<'_, T>> {
        let are_last = end <= self.before + self.count;
        let first = first.max(self.before) - self.before;
        let end = end.min(self.before + self.count).saturating_sub(self.before);
        if !self.are_first && first >= end {
            return None;
        }
        Some(Terms {
            start: &self.start,
            list: self.terms.get(first..end).unwrap_or_default(),
            before: before as u32,
            are_first: self.are_first,
            are_last,
        })
    }
}

/// The listed terms that some pixels are sums of.
#[derive(Clone, Copy)]
pub(super) struct Terms<'a, T> {
    pub(super) start: &'a [T; ROWS],
    pub(super) list: &'a [Term<T>],
    /// How far the lanes of the first term of these pixels are from those of the first of all.
    pub(super) before: u32,
    /// Whether there are none before them, and none in the lists after theirs.
    pub(super) are_first: bool,
    pub(super) are_last: bool,
}
