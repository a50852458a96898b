//! Products of matrices of which each sample has its own, as attention has them of queries, keys and values.
//!
//! A matrix is rows of lanes; the entries of a row are neighbours. Of a square matrix that is causal, only what is not
//! right of the diagonal is of account.
//!
//! The lanes of a batch are multiplied with each other. A single sample has none: there the columns take their place.

use super::factors::array;
use super::{ByRow, ByTerm, Contraction, Isa, Output, Product, Spaced, Start, Sums, Terms};
use crate::scalar::Scalar;

/// How many rows, or columns, of a causal matrix of a single sample are worked off together, up to the end of the last.
const BLOCK: usize = 6;

/// The columns of a causal matrix that are worked off together where they are transposed.
const PANEL: usize = 16;

/// A matrix.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a, T> {
    /// The slice that it is in, beginning with the first entry.
    pub(crate) values: &'a [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
}

/// A matrix to be written.
pub(crate) struct MatrixMut<'a, T> {
    /// The slice that it is in, beginning with the first entry.
    pub(crate) values: &'a mut [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
}

/// The sizes of attention to a sequence.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    /// The rows of every matrix, and the columns of those between two steps.
    pub(crate) steps: usize,
    /// The columns of queries, keys and values.
    pub(crate) features: usize,
    /// Whether a step knows nothing of later ones.
    pub(crate) is_causal: bool,
}

impl Sizes {
    /// How many columns of a row of a matrix between steps are of account.
    #[inline(always)]
    pub(crate) fn columns(self, row: usize) -> usize {
        if self.is_causal { (row + 1).min(self.steps) } else { self.steps }
    }

    /// The rows that are worked off together.
    #[inline(always)]
    fn blocks(self) -> impl Iterator<Item = [usize; 2]> {
        let block = if self.is_causal { BLOCK } else { self.steps.max(1) };
        (0..self.steps).step_by(block).map(move |start| [start, (start + block).min(self.steps)])
    }

    /// `output[i][j] = Σ_d left[i][d] · right[j][d]`, and zeros right of the diagonal of a causal output.
    #[inline(always)]
    pub(crate) fn between_steps<I: Isa, T: Scalar, const BATCH: usize>(
        self,
        isa: I,
        left: Matrix<T>,
        right: Matrix<T>,
        output: &mut [T],
    ) {
        let Self { steps, features, .. } = self;
        if BATCH == 1 {
            self.between_steps_of_single(isa, left, right, output);
        }
        for (i, output) in output.chunks_exact_mut((steps * BATCH).max(1)).enumerate() {
            let (output, after) = output.split_at_mut_checked(self.columns(i) * BATCH).unwrap_or_default();
            after.fill(T::ZERO);
            if BATCH > 1 {
                let sums = Row {
                    left: left.row(i),
                    left_distance: BATCH,
                    right: right.values,
                    right_distance: BATCH,
                    column_distance: right.distance,
                    terms: features,
                };
                sums.write::<I, BATCH>(isa, output);
            }
        }
    }

    /// `output[i][d] = Σ_j left[i][j] · right[j][d]`, of a causal `left` with zeros right of the diagonal.
    #[inline(always)]
    pub(crate) fn product<I: Isa, T: Scalar, const BATCH: usize>(
        self,
        isa: I,
        left: &[T],
        right: Matrix<T>,
        output: MatrixMut<T>,
    ) {
        let left = Matrix { values: left, distance: self.steps * BATCH };
        let lanes = self.features * BATCH;
        let MatrixMut { values: output, distance } = output;
        if BATCH == 1 {
            for [start, end] in self.blocks() {
                let product = Product {
                    factors: ByRow { values: left.row(start), distance: left.distance },
                    lanes: right.values,
                    terms: Terms::new(self.columns(end - 1), 1, right.distance),
                    start: Start::Zero,
                };
                let values = output.get_mut(start * distance..).unwrap_or_default();
                product.run::<I, BATCH>(isa, Output { values, distance, rows: end - start, lanes });
            }
            return;
        }
        for (i, output) in output.chunks_mut(distance.max(1)).take(self.steps).enumerate() {
            let sums = Row {
                left: left.row(i),
                left_distance: BATCH,
                right: right.values,
                right_distance: right.distance,
                column_distance: BATCH,
                terms: self.columns(i),
            };
            sums.write::<I, BATCH>(isa, output.get_mut(..lanes).unwrap_or_default());
        }
    }

    /// `output[j][d] = Σ_i left[i][j] · right[i][d]`, of a causal `left` with zeros right of the diagonal.
    #[inline(always)]
    pub(crate) fn transposed_product<I: Isa, T: Scalar, const BATCH: usize>(
        self,
        isa: I,
        left: &[T],
        right: Matrix<T>,
        output: MatrixMut<T>,
    ) {
        let left = Matrix { values: left, distance: self.steps * BATCH };
        let lanes = self.features * BATCH;
        let MatrixMut { values: output, distance } = output;
        if BATCH == 1 {
            for [start, end] in self.blocks() {
                let product = Product {
                    factors: ByTerm(left.row(start).get(start..).unwrap_or_default()),
                    lanes: right.row(start),
                    terms: Terms::new(self.steps - start, left.distance, right.distance),
                    start: Start::Zero,
                };
                let values = output.get_mut(start * distance..).unwrap_or_default();
                product.run::<I, BATCH>(isa, Output { values, distance, rows: end - start, lanes });
            }
            return;
        }
        for (j, output) in output.chunks_mut(distance.max(1)).take(self.steps).enumerate() {
            let first = if self.is_causal { j } else { 0 };
            let sums = Row {
                left: left.row(first).get(j * BATCH..).unwrap_or_default(),
                left_distance: left.distance,
                right: right.row(first),
                right_distance: right.distance,
                column_distance: BATCH,
                terms: self.steps - first,
            };
            sums.write::<I, BATCH>(isa, output.get_mut(..lanes).unwrap_or_default());
        }
    }

    /// [`between_steps`](Self::between_steps), of which what is right of the diagonal may be anything.
    #[inline(always)]
    fn between_steps_of_single<I: Isa, T: Scalar>(self, isa: I, left: Matrix<T>, right: Matrix<T>, output: &mut [T]) {
        let Self { steps, features, is_causal } = self;
        output.fill(T::ZERO);
        let width = if is_causal { PANEL } else { steps.max(1) };
        for start in (0..steps).step_by(width) {
            let row = if is_causal { start } else { 0 };
            let contraction = Contraction {
                rows: Spaced { values: left.row(row), distance: left.distance, lanes: features },
                row_count: steps - row,
                columns: right.row(start),
                column_distance: right.distance,
                column_count: width.min(steps - start),
                lanes: features,
            };
            let values = output.get_mut(row * steps + start..).unwrap_or_default();
            let mut sums = Sums { values, distance: steps, of_columns: &mut [] };
            if features > 8 {
                contraction.run::<I, 16>(isa, &mut sums);
            } else {
                contraction.run::<I, 8>(isa, &mut sums);
            }
        }
    }
}

impl<'a, T> Matrix<'a, T> {
    #[inline(always)]
    fn row(self, row: usize) -> &'a [T] {
        self.values.get(row * self.distance..).unwrap_or_default()
    }
}

/// The sums of a row: `output[column] = Σ_term left(term) · right(term, column)`, lane by lane.
#[derive(Clone, Copy)]
struct Row<'a, T> {
    left: &'a [T],
    /// How far neighbouring terms are apart.
    left_distance: usize,
    right: &'a [T],
    /// How far neighbouring terms are apart.
    right_distance: usize,
    column_distance: usize,
    terms: usize,
}

impl<T: Scalar> Row<'_, T> {
    /// The widest tiles that fit; the last one begins earlier, in lanes and in columns, and computes something again.
    #[inline(always)]
    fn write<I: Isa, const BATCH: usize>(&self, isa: I, output: &mut [T]) {
        if I::FMA && T::LANES == 16 && BATCH >= 8 {
            self.tiles::<I, BATCH, 8, 8>(isa, output);
        } else if BATCH >= 4 && (I::FMA || T::LANES == 16) {
            self.tiles::<I, BATCH, 4, 8>(isa, output);
        } else if BATCH >= 4 {
            self.tiles::<I, BATCH, 4, 4>(isa, output);
        } else {
            self.tiles::<I, BATCH, 1, 4>(isa, output);
        }
    }

    #[inline(always)]
    fn tiles<I: Isa, const BATCH: usize, const L: usize, const C: usize>(&self, isa: I, output: &mut [T]) {
        let columns = output.len() / BATCH.max(1);
        let mut lane = 0;
        while lane < BATCH {
            let first_lane = lane.min(BATCH - L);
            let mut done = 0;
            while done < columns {
                done = if columns >= C {
                    self.tile::<I, BATCH, L, C>(isa, first_lane, done.min(columns - C), output)
                } else if columns >= 4 {
                    self.tile::<I, BATCH, L, 4>(isa, first_lane, done.min(columns - 4), output)
                } else {
                    self.tile::<I, BATCH, L, 1>(isa, first_lane, done, output)
                };
            }
            lane = first_lane + L;
        }
    }

    /// Computes `C` columns, and returns how many of all are done then.
    #[inline(always)]
    fn tile<I: Isa, const BATCH: usize, const L: usize, const C: usize>(
        &self,
        isa: I,
        lane: usize,
        column: usize,
        output: &mut [T],
    ) -> usize {
        let sums = self.sums::<I, L, C>(isa, lane, column);
        for (i, sums) in sums.iter().enumerate() {
            let values = output.get_mut((column + i) * BATCH + lane..).unwrap_or_default();
            if let Some(values) = values.first_chunk_mut() {
                *values = *sums;
            }
        }
        column + C
    }

    #[inline(always)]
    fn sums<I: Isa, const L: usize, const C: usize>(&self, isa: I, lane: usize, column: usize) -> [[T; L]; C] {
        let mut sums = [[T::ZERO; L]; C];
        let mut columns: [&[T]; C] = [&[]; C];
        for (i, values) in columns.iter_mut().enumerate() {
            *values = self.right.get((column + i) * self.column_distance + lane..).unwrap_or_default();
        }
        let (mut left, mut right) = (lane, 0);
        for _ in 0..self.terms {
            let Some(factors) = array::<T, L>(self.left, left) else { break };
            let factors = *factors;
            for (sums, column) in sums.iter_mut().zip(columns) {
                let Some(lanes) = array(column, right) else { break };
                isa.add_products(&factors, lanes, sums);
            }
            left += self.left_distance;
            right += self.right_distance;
        }
        sums
    }
}
