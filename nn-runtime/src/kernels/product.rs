//! The product that most layers are made of: rows of lanes, each a sum of other lanes times a factor.
//!
//! ```text
//! output[row][lane] = start[row][lane] + Σ_term factor(row, term) · lanes(term)[lane]
//! ```
//!
//! A tile of rows and lanes is summed in registers. Nothing here can panic: what lies outside of a slice ends the sum.

use core::ops::Range;

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

    /// The same terms in another order, if the innermost loop would run only once.
    #[inline(always)]
    pub(crate) fn longest_last(mut self) -> Self {
        if self.count[2] == 1 {
            let longest = usize::from(self.count[1] > self.count[0]);
            self.count.swap(longest, 2);
            self.factor.swap(longest, 2);
            self.lanes.swap(longest, 2);
        }
        self
    }
}

/// The innermost loop of the terms: where it begins, and how far its terms are apart.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a, T> {
    pub(crate) count: usize,
    pub(crate) factor: usize,
    pub(crate) factor_distance: usize,
    pub(crate) lanes: &'a [T],
    pub(crate) lanes_distance: usize,
}

/// A matrix of factors.
pub(crate) trait Factors<T>: Copy {
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
    pub(crate) values: &'a [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
}

impl<T: Scalar> Factors<T> for ByRow<'_, T> {
    #[inline(always)]
    fn add<I: Isa, const R: usize, const L: usize>(
        self,
        isa: I,
        row: usize,
        stretch: Stretch<T>,
        sums: [[T; L]; R],
    ) -> [[T; L]; R] {
        let mut rows: [&[T]; R] = [&[]; R];
        let mut factor = stretch.factor.wrapping_add(row * self.distance);
        for row in &mut rows {
            let Some(values) = self.values.get(factor..).and_then(|values| values.get(..stretch.count)) else {
                return sums;
            };
            *row = values;
            factor = factor.wrapping_add(self.distance);
        }
        add_rows(isa, rows, stretch.lanes, stretch.lanes_distance, stretch.count, sums)
    }
}

/// How many factors of a row are looked up at once.
const UNROLL: usize = 4;

/// Adds to each row's sums its first `count` factors times the lanes, which are `distance` apart.
#[inline(always)]
fn add_rows<I: Isa, T: Scalar, const R: usize, const L: usize>(
    isa: I,
    rows: [&[T]; R],
    lanes: &[T],
    distance: usize,
    count: usize,
    mut sums: [[T; L]; R],
) -> [[T; L]; R] {
    let (mut term, mut lane) = (0, 0);
    while term + UNROLL <= count {
        let Some(factors) = factors::<T, R, UNROLL>(&rows, term) else { return sums };
        for i in 0..UNROLL {
            let Some(lanes) = array(lanes, lane) else { return sums };
            let lanes = *lanes;
            for (sums, factors) in sums.iter_mut().zip(factors) {
                isa.add_scaled(factors[i], &lanes, sums);
            }
            lane = lane.wrapping_add(distance);
        }
        term += UNROLL;
    }
    while term < count {
        let Some(factors) = factors::<T, R, 1>(&rows, term) else { return sums };
        let Some(lanes) = array(lanes, lane) else { return sums };
        let lanes = *lanes;
        for (sums, [factor]) in sums.iter_mut().zip(factors) {
            isa.add_scaled(*factor, &lanes, sums);
        }
        lane = lane.wrapping_add(distance);
        term += 1;
    }
    sums
}

/// The factors of `N` terms, beginning with `term`, in each row.
#[inline(always)]
fn factors<'a, T, const R: usize, const N: usize>(rows: &[&'a [T]; R], term: usize) -> Option<[&'a [T; N]; R]> {
    let mut factors = [array(rows.first()?, term)?; R];
    for (factors, row) in factors.iter_mut().zip(rows) {
        *factors = array(row, term)?;
    }
    Some(factors)
}

#[inline(always)]
pub(crate) fn array<T, const N: usize>(values: &[T], start: usize) -> Option<&[T; N]> {
    values.get(start..).and_then(|values| values.first_chunk())
}

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
    #[inline(always)]
    pub(crate) fn run<I: Isa, const BATCH: usize>(&self, isa: I, mut output: Output<T>) {
        let widest = if I::FMA { T::LANES } else { T::LANES / 2 };
        let mut lane = 0;
        if widest == 16 {
            lane = self.columns::<I, 16, 6>(isa, lane, &mut output);
        }
        if widest == 8 && I::FMA {
            lane = self.columns::<I, 8, 6>(isa, lane, &mut output);
        } else if widest == 8 {
            lane = self.columns::<I, 8, 4>(isa, lane, &mut output);
        } else if BATCH % 16 != 0 {
            lane = self.columns::<I, 8, 8>(isa, lane, &mut output);
        }
        if widest == 4 {
            lane = self.columns::<I, 4, 4>(isa, lane, &mut output);
        } else if BATCH % 8 != 0 {
            lane = self.columns::<I, 4, 8>(isa, lane, &mut output);
        }
        if BATCH % 4 != 0 {
            self.columns::<I, 1, 8>(isa, lane, &mut output);
        }
    }

    /// Computes as many columns of tiles of `L` lanes as fit after `lane`, and returns the lane after them.
    ///
    /// Where fewer than a tile's rows are left, the last tile begins earlier and computes some rows again.
    #[inline(always)]
    fn columns<I: Isa, const L: usize, const R: usize>(&self, isa: I, lane: usize, output: &mut Output<T>) -> usize {
        let end = output.lanes - (output.lanes - lane) % L;
        let rows = output.rows;
        let mut done = 0;
        while lane < end && done < rows {
            let lanes = lane..end;
            done = if rows >= R && rows - done > 4 {
                self.tiles::<I, L, R>(isa, done, lanes, output)
            } else if rows >= 4 {
                self.tiles::<I, L, 4>(isa, done, lanes, output)
            } else if rows >= 2 {
                self.tiles::<I, L, 2>(isa, done, lanes, output)
            } else {
                self.tiles::<I, L, 1>(isa, done, lanes, output)
            };
        }
        end
    }

    /// Computes `R` rows, `done` of all being done, and returns how many are done then.
    #[inline(always)]
    fn tiles<I: Isa, const L: usize, const R: usize>(
        &self,
        isa: I,
        done: usize,
        lanes: Range<usize>,
        output: &mut Output<T>,
    ) -> usize {
        let row = done.min(output.rows - R);
        let mut lane = lanes.start;
        while lane < lanes.end {
            let sums = self.sums(isa, row, lane, self.first::<R, L>(row, lane, output));
            for (i, sums) in sums.iter().enumerate() {
                let values = output.values.get_mut((row + i) * output.distance + lane..);
                if let Some(values) = values.and_then(|values| values.first_chunk_mut())
                    && row + i >= done
                {
                    *values = *sums;
                }
            }
            lane += L;
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

    #[inline(always)]
    fn sums<I: Isa, const R: usize, const L: usize>(
        &self,
        isa: I,
        row: usize,
        lane: usize,
        mut sums: [[T; L]; R],
    ) -> [[T; L]; R] {
        let Terms { count, factor, lanes, first_factor, first_lane } = self.terms;
        for outer in 0..count[0] {
            for middle in 0..count[1] {
                let at = move_by(first_lane + lane, [(outer, lanes[0]), (middle, lanes[1])]);
                let stretch = Stretch {
                    count: count[2],
                    factor: move_by(first_factor, [(outer, factor[0]), (middle, factor[1])]),
                    factor_distance: factor[2],
                    lanes: self.lanes.get(at..).unwrap_or_default(),
                    lanes_distance: lanes[2],
                };
                sums = self.factors.add(isa, row, stretch, sums);
            }
        }
        sums
    }
}

#[inline(always)]
fn move_by(start: usize, moves: [(usize, usize); 2]) -> usize {
    moves.iter().fold(start, |at, (times, distance)| at.wrapping_add(times.wrapping_mul(*distance)))
}
