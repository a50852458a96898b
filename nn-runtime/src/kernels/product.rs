//! The product that most layers are made of: rows of lanes, each a sum of other lanes times a factor.
//!
//! ```text
//! output[row][lane] = start[row][lane] + Σ_term factor(row, term) · lanes(term)[lane]
//! ```
//!
//! A tile of rows and lanes is summed in registers. Nothing here can panic: what lies outside of a slice ends the sum.

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
}

impl Terms {
    /// One loop of `count` terms.
    #[inline(always)]
    pub(crate) fn new(count: usize, factor: usize, lanes: usize) -> Self {
        Self { count: [1, 1, count], factor: [0, 0, factor], lanes: [0, 0, lanes] }
    }
}

/// The innermost loop of the terms: where it begins, and how far its terms are apart.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a, T> {
    count: usize,
    factor: usize,
    factor_distance: usize,
    lanes: &'a [T],
    lanes_distance: usize,
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
            let (Some(factors), Some(lanes)) = (array(self.0, factor), array(stretch.lanes, lane)) else { break };
            add_term(isa, factors, lanes, &mut sums);
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
        mut sums: [[T; L]; R],
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
        let mut lane = 0;
        for term in 0..stretch.count {
            let Some(lanes) = array(stretch.lanes, lane) else { break };
            let factors = rows.map(|row| row.get(term).copied().unwrap_or(T::ZERO));
            add_term(isa, factors, lanes, &mut sums);
            lane = lane.wrapping_add(stretch.lanes_distance);
        }
        sums
    }
}

#[inline(always)]
fn array<T: Copy, const N: usize>(values: &[T], start: usize) -> Option<[T; N]> {
    values.get(start..).and_then(|values| values.first_chunk()).copied()
}

#[inline(always)]
fn add_term<I: Isa, T: Scalar, const R: usize, const L: usize>(
    isa: I,
    factors: [T; R],
    lanes: [T; L],
    sums: &mut [[T; L]; R],
) {
    for (sums, factor) in sums.iter_mut().zip(factors) {
        for (sum, lane) in sums.iter_mut().zip(lanes) {
            *sum = isa.mul_add(factor, lane, *sum);
        }
    }
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
    /// The slice that the lanes are in, beginning with those of the first term.
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
        let mut row = 0;
        if I::FMA {
            self.rows::<I, BATCH, 6>(isa, &mut row, &mut output);
        }
        self.rows::<I, BATCH, 4>(isa, &mut row, &mut output);
        self.rows::<I, BATCH, 2>(isa, &mut row, &mut output);
        self.rows::<I, BATCH, 1>(isa, &mut row, &mut output);
    }

    #[inline(always)]
    fn rows<I: Isa, const BATCH: usize, const R: usize>(&self, isa: I, row: &mut usize, output: &mut Output<T>) {
        let widest = if I::FMA { T::LANES } else { T::LANES / 2 };
        while *row + R <= output.rows {
            let mut lane = 0;
            if widest == 16 {
                self.tiles::<I, R, 16>(isa, *row, &mut lane, output);
            }
            if widest >= 8 && (widest == 8 || BATCH % 16 != 0) {
                self.tiles::<I, R, 8>(isa, *row, &mut lane, output);
            }
            if widest == 4 || BATCH % 8 != 0 {
                self.tiles::<I, R, 4>(isa, *row, &mut lane, output);
            }
            if BATCH % 4 != 0 {
                self.tiles::<I, R, 1>(isa, *row, &mut lane, output);
            }
            *row += R;
        }
    }

    #[inline(always)]
    fn tiles<I: Isa, const R: usize, const L: usize>(
        &self,
        isa: I,
        row: usize,
        lane: &mut usize,
        output: &mut Output<T>,
    ) {
        while *lane + L <= output.lanes {
            let sums = self.sums(isa, row, *lane, self.first::<R, L>(row, *lane, output));
            let mut at = row * output.distance + *lane;
            for sums in sums {
                if let Some(values) = output.values.get_mut(at..).and_then(|values| values.first_chunk_mut()) {
                    *values = sums;
                }
                at += output.distance;
            }
            *lane += L;
        }
    }

    #[inline(always)]
    fn first<const R: usize, const L: usize>(&self, row: usize, lane: usize, output: &Output<T>) -> [[T; L]; R] {
        let mut sums = [[T::ZERO; L]; R];
        match self.start {
            Start::Zero => {}
            Start::Bias(bias) => {
                for (sums, bias) in sums.iter_mut().zip(bias.get(row..).unwrap_or_default()) {
                    *sums = [*bias; L];
                }
            }
            Start::Output => {
                let mut at = row * output.distance + lane;
                for sums in &mut sums {
                    *sums = array(output.values, at).unwrap_or(*sums);
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
        let Terms { count, factor, lanes } = self.terms;
        for outer in 0..count[0] {
            for middle in 0..count[1] {
                let at = outer.wrapping_mul(lanes[0]).wrapping_add(middle.wrapping_mul(lanes[1]));
                let stretch = Stretch {
                    count: count[2],
                    factor: outer.wrapping_mul(factor[0]).wrapping_add(middle.wrapping_mul(factor[1])),
                    factor_distance: factor[2],
                    lanes: self.lanes.get(at.wrapping_add(lane)..).unwrap_or_default(),
                    lanes_distance: lanes[2],
                };
                sums = self.factors.add(isa, row, stretch, sums);
            }
        }
        sums
    }
}
