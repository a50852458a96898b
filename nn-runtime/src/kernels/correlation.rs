//! The product that convolutions are made of: pixels of lanes, each a sum over the points of a window that meet a source.
//!
//! ```text
//! output[row][y][x][lane] = bias[row] + Σ_i Σ_inner Σ_j factor(row, i, inner, j) · source[inner][y + i][x + j][lane]
//! ```
//!
//! Where the factors and the source's lanes of a term are, is listed once for all pixels with the same terms; a tile of rows
//! and lanes is then summed in registers. The lanes of a tile need not be neighbours: there are as many in two short rows of
//! pixels as in a long one. Nothing here can panic: what lies outside of a slice ends the sum.

use super::factors::array;
use super::places::{Place, Places};
use super::taps::{Phase, Run};
use super::{Isa, widest};
use crate::scalar::Scalar;

/// The most rows of a tile, with room for a vector.
const ROWS: usize = 8;

/// How many terms are listed at once. All of 6 channels under a 5x5 window, in 6 kB of stack.
const TERMS: usize = 160;

/// The operands of a correlation, and where its output goes.
pub(crate) struct Correlation<'a, T> {
    /// The slice that the factors are in, beginning with the first row's.
    pub(crate) factors: &'a [T],
    /// How far the factors of neighbouring rows are apart.
    pub(crate) row_distance: usize,
    /// How far the factors of neighbouring points of the window are apart, down and across.
    pub(crate) tap_distance: [usize; 2],
    /// The terms at each point of the window: how many there are, how far their factors are apart, and their lanes.
    pub(crate) inner: [usize; 3],
    /// The slice that the source is in, beginning with its first row of pixels.
    pub(crate) source: &'a [T],
    /// How far the source's rows of pixels are apart.
    pub(crate) source_row: usize,
    /// What the sums start from: one value a row, or 0.
    pub(crate) bias: Option<&'a [T]>,
    /// The number of rows of the output, how far they are apart, and their rows of pixels.
    pub(crate) rows: usize,
    pub(crate) output_distance: usize,
    pub(crate) output_row: usize,
    /// The pixels, and the points of the window that they meet.
    pub(crate) down: Phase,
    pub(crate) across: Phase,
}

impl<T: Scalar> Correlation<'_, T> {
    /// Computes the pixels of the phases, of `BATCH` lanes each.
    #[inline(always)]
    pub(crate) fn run<I: Isa, const BATCH: usize>(&self, isa: I, terms: &mut Listed<T>, output: &mut [T]) {
        if const { widest::<I, T>() == 32 && BATCH >= 16 } {
            self.strips::<I, BATCH, 16, 6>(isa, terms, output);
        } else if const { widest::<I, T>() >= 16 } {
            self.strips::<I, BATCH, 8, 6>(isa, terms, output);
        } else if const { widest::<I, T>() == 8 && I::FMA } {
            self.strips::<I, BATCH, 4, 6>(isa, terms, output);
        } else if const { widest::<I, T>() == 8 } {
            self.strips::<I, BATCH, 4, 4>(isa, terms, output);
        } else {
            self.strips::<I, BATCH, 2, 4>(isa, terms, output);
        }
    }

    /// `R` rows at a time, where fewer are left 4, and the last ones singly, with more lanes instead.
    #[inline(always)]
    fn strips<I: Isa, const BATCH: usize, const L: usize, const R: usize>(
        &self,
        isa: I,
        terms: &mut Listed<T>,
        output: &mut [T],
    ) {
        let mut row = 0;
        while row < self.rows {
            let left = self.rows - row;
            if left + 1 >= R {
                self.strip::<I, BATCH, L, R, 2>(isa, row, terms, output);
                row += R;
            } else if left == 4 {
                self.strip::<I, BATCH, L, 4, 2>(isa, row, terms, output);
                row += 4;
            } else {
                self.strip::<I, BATCH, L, 1, 8>(isa, row, terms, output);
                row += 1;
            }
        }
    }

    /// Computes `R` rows, or those that are left, in tiles of `P` vectors of `L` lanes.
    #[inline(always)]
    fn strip<I: Isa, const BATCH: usize, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        terms: &mut Listed<T>,
        output: &mut [T],
    ) {
        let in_one_piece = self.across.step == 1 && self.across.advance == 1;
        for run in self.across.runs() {
            let (pieces, lanes) = if in_one_piece { (1, run.count * BATCH) } else { (run.count, BATCH) };
            if const { BATCH >= L } || lanes >= L {
                self.run_of_tiles::<I, BATCH, L, R, P>(isa, row, run, [pieces, lanes], terms, output);
            } else if const { BATCH >= 4 } {
                self.run_of_tiles::<I, BATCH, 4, R, P>(isa, row, run, [pieces, lanes], terms, output);
            } else {
                self.run_of_tiles::<I, BATCH, 1, R, P>(isa, row, run, [pieces, lanes], terms, output);
            }
        }
    }

    #[inline(always)]
    fn run_of_tiles<I: Isa, const BATCH: usize, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        across: Run,
        [pieces, lanes]: [usize; 2],
        terms: &mut Listed<T>,
        output: &mut [T],
    ) {
        let (down, per_tap) = (self.down, self.inner[0] * across.clip.count);
        let mut listed = 0;
        loop {
            self.list(row, across, BATCH, listed, terms);
            for rows in down.runs() {
                let first = (rows.clip.first * per_tap).max(listed);
                let end = ((rows.clip.first + rows.clip.count) * per_tap).min(listed + terms.count);
                let range = first.saturating_sub(listed)..end.saturating_sub(listed);
                if listed > 0 && range.is_empty() {
                    continue;
                }
                let terms = Terms {
                    start: &terms.start,
                    factors: terms.factors.get(range.clone()).unwrap_or_default(),
                    lanes: terms.lanes.get(range).unwrap_or_default(),
                    before: (rows.clip.first * down.source_distance * self.source_row) as u32,
                    are_first: listed == 0,
                };
                let first = Place {
                    source: rows.source * self.source_row + across.source * BATCH,
                    output: row * self.output_distance + rows.position * self.output_row + across.position * BATCH,
                    done: 0,
                };
                let mut places = Places {
                    row: first,
                    piece: first,
                    row_moves: [down.advance * self.source_row, down.step * self.output_row],
                    piece_moves: [self.across.advance * BATCH, self.across.step * BATCH],
                    pieces,
                    lanes,
                    rows_left: rows.count,
                    pieces_left: pieces,
                    lane: 0,
                };
                while let Some(places) = places.next_tile::<L, P>() {
                    self.tile::<I, L, R, P>(isa, row, terms, places, output);
                }
            }
            listed += terms.count;
            if listed >= down.taps * per_tap {
                break;
            }
        }
    }

    /// Lists the terms of the run's pixels from the `start`th on, for the rows from `row` on.
    #[inline(always)]
    fn list(&self, row: usize, across: Run, batch: usize, start: usize, terms: &mut Listed<T>) {
        let [inner, inner_factor, inner_lanes] = self.inner;
        let (down, clip) = (self.down, across.clip);
        let steps = [self.across.tap_distance.wrapping_mul(self.tap_distance[1]), self.across.source_distance * batch];
        let first = clip.first.wrapping_mul(steps[0]).wrapping_add(self.across.first_tap * self.tap_distance[1]);
        for (row, start) in terms.start.iter_mut().zip(row..) {
            *row = self.bias.and_then(|bias| bias.get(start)).copied().unwrap_or(T::ZERO);
        }
        terms.count = 0;
        if clip.count * inner == 0 {
            return;
        }
        let mut j = start % clip.count;
        let (mut k, mut i) = (start / clip.count % inner, start / clip.count / inner);
        while i < down.taps && terms.count < TERMS {
            let tap = down.first_tap.wrapping_add(i.wrapping_mul(down.tap_distance));
            let factor = first.wrapping_add(tap * self.tap_distance[0] + k * inner_factor + row * self.row_distance);
            let lane = i * down.source_distance * self.source_row + k * inner_lanes;
            let begin = [factor.wrapping_add(j.wrapping_mul(steps[0])), lane + j * steps[1]];
            let count = (clip.count - j).min(TERMS - terms.count);
            self.list_stretch((self.rows - row).min(ROWS), begin, steps, terms.count..terms.count + count, terms);
            terms.count += count;
            (j, k) = (0, k + 1);
            if k == inner {
                (k, i) = (0, i + 1);
            }
        }
    }

    /// Lists neighbouring terms, whose factors and lanes begin somewhere and move in steps.
    #[inline(always)]
    fn list_stretch(
        &self,
        rows: usize,
        [mut factor, mut lane]: [usize; 2],
        [factor_step, lane_step]: [usize; 2],
        range: core::ops::Range<usize>,
        terms: &mut Listed<T>,
    ) {
        let lanes = terms.lanes.get_mut(range.clone()).unwrap_or_default();
        let factors = terms.factors.get_mut(range).unwrap_or_default();
        for (factors, lanes) in factors.iter_mut().zip(lanes) {
            *lanes = lane as u32;
            match array(self.factors, factor) {
                Some(neighbours) if self.row_distance == 1 => *factors = *neighbours,
                _ => {
                    for (row, place) in factors.iter_mut().enumerate().take(rows) {
                        let value = self.factors.get(factor + row * self.row_distance);
                        *place = value.copied().unwrap_or(T::ZERO);
                    }
                }
            }
            factor = factor.wrapping_add(factor_step);
            lane += lane_step;
        }
    }

    /// Adds terms to the lanes of `R` rows, or of those that are left, at `P` places.
    #[inline(always)]
    fn tile<I: Isa, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        terms: Terms<T>,
        places: [Place; P],
        output: &mut [T],
    ) {
        let mut sums = [[[T::ZERO; L]; P]; R];
        if terms.are_first {
            for (sums, start) in sums.iter_mut().zip(terms.start) {
                *sums = [[*start; L]; P];
            }
        } else {
            for (r, sums) in sums.iter_mut().enumerate() {
                for (sums, place) in sums.iter_mut().zip(places) {
                    *sums = array(output, place.output + r * self.output_distance).copied().unwrap_or(*sums);
                }
            }
        }
        let sums = terms.add(isa, self.source, places, sums);
        let rows = self.rows - row;
        if places.iter().any(|place| place.done > 0) && !terms.are_first {
            // A copy: were the sums themselves borrowed, they would be summed in memory.
            let copy = sums;
            write_rest(output, self.output_distance, places, copy.get(..rows).unwrap_or(&copy));
            return;
        }
        for (r, sums) in sums.iter().enumerate() {
            for (sums, place) in sums.iter().zip(places) {
                let values = output.get_mut(place.output + r * self.output_distance..);
                if let Some(values) = values.and_then(|values| values.first_chunk_mut())
                    && r < rows
                {
                    *values = *sums;
                }
            }
        }
    }
}

/// Writes all sums but those that the terms have been added to before. Not inlined: it is rare, and would tear the registers
/// of `sums` apart.
#[inline(never)]
fn write_rest<T: Scalar, const L: usize, const P: usize>(
    output: &mut [T],
    distance: usize,
    places: [Place; P],
    sums: &[[[T; L]; P]],
) {
    for (r, sums) in sums.iter().enumerate() {
        for (sums, place) in sums.iter().zip(places) {
            let values = output.get_mut(place.output + r * distance..).unwrap_or_default();
            for (value, sum) in values.iter_mut().zip(sums).skip(place.done) {
                *value = *sum;
            }
        }
    }
}

/// A list of terms.
pub(crate) struct Listed<T> {
    /// What the sums of each row start from.
    start: [T; ROWS],
    /// The factors of each, those of a tile's rows side by side.
    factors: [[T; ROWS]; TERMS],
    /// How far the lanes of each are from those of the first of all.
    lanes: [u32; TERMS],
    /// How many there are.
    count: usize,
}

impl<T: Scalar> Listed<T> {
    /// An empty list.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        Self { start: [T::ZERO; ROWS], factors: [[T::ZERO; ROWS]; TERMS], lanes: [0; TERMS], count: 0 }
    }
}

/// The listed terms that some pixels are sums of.
#[derive(Clone, Copy)]
struct Terms<'a, T> {
    start: &'a [T; ROWS],
    factors: &'a [[T; ROWS]],
    lanes: &'a [u32],
    /// How far the lanes of the first term of these pixels are from those of the first of all.
    before: u32,
    /// Whether there are none before them.
    are_first: bool,
}

impl<T: Scalar> Terms<'_, T> {
    #[inline(always)]
    fn add<I: Isa, const L: usize, const R: usize, const P: usize>(
        self,
        isa: I,
        source: &[T],
        places: [Place; P],
        mut sums: [[[T; L]; P]; R],
    ) -> [[[T; L]; P]; R] {
        let last = places.iter().map(|place| place.source).fold(0, usize::max);
        let Some(extent) = source.len().checked_sub(last) else { return sums };
        let mut vectors: [&[T]; P] = [&[]; P];
        for (vector, place) in vectors.iter_mut().zip(places) {
            // of one length, so that one comparison serves all
            let Some(values) = source.get(place.source..).and_then(|values| values.get(..extent)) else { return sums };
            *vector = values;
        }
        for (factors, lane) in self.factors.iter().zip(self.lanes) {
            let lane = lane.wrapping_sub(self.before) as usize;
            let mut lanes = [[T::ZERO; L]; P];
            for (lanes, vector) in lanes.iter_mut().zip(vectors) {
                let Some(values) = vector.get(lane..lane + L).and_then(|values| values.first_chunk()) else {
                    return sums;
                };
                *lanes = *values;
            }
            for (sums, factor) in sums.iter_mut().zip(factors) {
                for (sums, lanes) in sums.iter_mut().zip(&lanes) {
                    isa.add_scaled(*factor, lanes, sums);
                }
            }
        }
        sums
    }
}
