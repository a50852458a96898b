//! The product that convolutions are made of: pixels of lanes, each a sum over the points of a window that meet a source.
//!
//! ```text
//! output[row][y][x][lane] = bias[row] + Σ_i Σ_inner Σ_j factor(row, i, inner, j) · source[inner][y + i][x + j][lane]
//! ```
//!
//! Where the factors and the source's lanes of a term are, is listed once for all pixels with the same terms; a tile of rows
//! and lanes is then summed in registers. The lanes of a tile need not be neighbours: there are as many in two short rows of
//! pixels as in a long one. A single sample's rows of pixels need not end where vectors do: several are worked off in a
//! stretch, as they stand in the source, with what is between them, and copied to the output. Nothing here can panic: what
//! lies outside of a slice ends the sum.

mod listed;
mod tile;

pub(crate) use listed::{Listed, MOST_TERMS};
use listed::{ROWS, Terms};

use super::places::{Pixels, Place, STRETCH};
use super::rows::copy_rows;
use super::taps::{Phase, Run};
use super::{Isa, Kernel, widest};
use crate::scalar::Scalar;

/// The sums of a tile's rows over a stretch.
type Stretch<T> = [[T; STRETCH]; ROWS];

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
    /// Whether the sums start from what is in the output instead.
    pub(crate) goes_on: bool,
    /// Whether the last terms are among these, and sums below 0 then become 0.
    pub(crate) is_rectified: bool,
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
        if const { widest::<I, T>() == 32 && (BATCH >= 16 || BATCH == 1) } {
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
        let mut stretch = None;
        for across in self.across.runs() {
            let mut next = Some(0);
            while let Some(start) = next {
                next = terms.list(self, across, BATCH, start);
                let mut row = 0;
                while row < self.rows {
                    let left = self.rows - row;
                    if left + 1 >= R {
                        self.strip::<I, BATCH, L, R, 2>(isa, row, across, terms, &mut stretch, output);
                        row += R;
                    } else if left == 4 {
                        self.strip::<I, BATCH, L, 4, 2>(isa, row, across, terms, &mut stretch, output);
                        row += 4;
                    } else {
                        self.strip::<I, BATCH, L, 1, 8>(isa, row, across, terms, &mut stretch, output);
                        row += 1;
                    }
                }
            }
        }
    }

    /// Computes `R` rows, or those that are left, in tiles of `P` vectors of `L` lanes.
    #[inline(always)]
    fn strip<I: Isa, const BATCH: usize, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        across: Run,
        terms: &mut Listed<T>,
        stretch: &mut Option<Stretch<T>>,
        output: &mut [T],
    ) {
        terms.gather(self, row);
        let per_tap = self.inner[0] * across.clip.count;
        for down in self.down.runs() {
            let taps = [down.clip.first, down.clip.first + down.clip.count].map(|taps| taps * per_tap);
            let before = down.clip.first * self.down.source_distance * self.source_row;
            if let Some(terms) = terms.between(taps, before) {
                self.run_of_tiles::<I, BATCH, L, R, P>(isa, row, [down, across], terms, stretch, output);
            }
        }
    }

    /// Adds terms to the pixels of a run down and a run across.
    #[inline(always)]
    fn run_of_tiles<I: Isa, const BATCH: usize, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        [down, across]: [Run; 2],
        terms: Terms<T>,
        stretch: &mut Option<Stretch<T>>,
        output: &mut [T],
    ) {
        let in_one_piece = self.across.step == 1 && self.across.advance == 1;
        let (pieces, lanes) = if in_one_piece { (1, across.count * BATCH) } else { (across.count, BATCH) };
        let pixels = Pixels {
            first: Place {
                source: down.source * self.source_row + across.source * BATCH,
                output: row * self.output_distance + down.position * self.output_row + across.position * BATCH,
                done: 0,
            },
            rows: down.count,
            row_moves: [self.down.advance * self.source_row, self.down.step * self.output_row],
            pieces,
            piece_moves: [self.across.advance * BATCH, self.across.step * BATCH],
            lanes,
        };
        let rows = if const { I::FMA && BATCH < 4 } { pixels.stretch::<L>(terms.list.len()) } else { None };
        let vectors = rows.map_or(pixels.vectors::<L>(), |rows| pixels.in_stretches::<L>(rows));
        if const { L == 16 && P == 2 && BATCH == 1 } && pixels.pay_in_halves::<8>(vectors) {
            isa.call(Joined::<T, R> { correlation: self, row, terms, pixels, output });
            return;
        }
        let stretch = rows.map(|rows| (rows, stretch.get_or_insert([[T::ZERO; STRETCH]; ROWS])));
        if const { BATCH >= L } || lanes >= L || stretch.is_some() {
            self.tiles::<I, L, R, P>(isa, row, terms, pixels, stretch, output);
        } else if const { BATCH >= 4 } {
            self.tiles::<I, 4, R, P>(isa, row, terms, pixels, None, output);
        } else {
            self.tiles::<I, 1, R, P>(isa, row, terms, pixels, None, output);
        }
    }

    /// Adds terms to pixels, in tiles of `P` vectors of `L` lanes; with a stretch, so many rows of pixels at once there.
    #[inline(always)]
    fn tiles<I: Isa, const L: usize, const R: usize, const P: usize>(
        &self,
        isa: I,
        row: usize,
        terms: Terms<T>,
        pixels: Pixels,
        mut stretch: Option<(usize, &mut Stretch<T>)>,
        output: &mut [T],
    ) {
        let rows = stretch.as_ref().map_or(pixels.rows, |(rows, _)| *rows);
        let [source_row, output_row] = pixels.row_moves;
        let count = R.min(self.rows - row);
        for (pixels, done) in pixels.parts(rows) {
            let mut places = pixels.places();
            if let Some((_, stretch)) = &mut stretch {
                places = pixels.in_a_stretch().places();
                if !terms.are_first {
                    for (r, sums) in stretch.iter_mut().enumerate().take(count) {
                        let from = output.get(pixels.first.output + r * self.output_distance..).unwrap_or_default();
                        copy_rows(rows, pixels.lanes, (from, output_row), (sums, source_row));
                    }
                }
            }
            while let Some(places) = places.next_tile::<L, P>() {
                let (output, distance) = match &mut stretch {
                    Some((_, sums)) => (sums.as_flattened_mut(), STRETCH),
                    None => (&mut *output, self.output_distance),
                };
                self.tile::<I, L, R, P>(isa, row, terms, places, output, distance);
            }
            if let Some((_, sums)) = &stretch {
                for (r, sums) in sums.iter().enumerate().take(count) {
                    let first = pixels.first.output + done * output_row + r * self.output_distance;
                    let from = sums.get(done * source_row..).unwrap_or_default();
                    let to = output.get_mut(first..).unwrap_or_default();
                    copy_rows(rows - done, pixels.lanes, (from, source_row), (to, output_row));
                }
            }
        }
    }
}

/// Tiles of vectors that are joined of two halves. In a function of its own, as without optimisation its registers would be on the
/// stack beside those of all other tiles.
struct Joined<'c, 'a, T, const R: usize> {
    correlation: &'c Correlation<'a, T>,
    row: usize,
    terms: Terms<'c, T>,
    pixels: Pixels,
    output: &'c mut [T],
}

impl<T: Scalar, const R: usize> Kernel for Joined<'_, '_, T, R> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        self.correlation.tiles::<I, 8, R, 4>(isa, self.row, self.terms, self.pixels, None, self.output);
    }
}
