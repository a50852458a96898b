//! Products of matrices of which each sample has its own, as attention has them of queries, keys and values.
//!
//! A matrix is rows of lanes; the entries of a row are neighbours. Of a square matrix that is causal, only what is not
//! right of the diagonal is of account.
//!
//! The lanes of a batch are multiplied with each other. A single sample has none: there the columns take their place.

mod row;

use row::{Dots, Sum};

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
        if const { BATCH == 1 } {
            self.between_steps_of_single(isa, left, right, output);
        }
        for (i, output) in output.as_chunks_mut().0.chunks_exact_mut(self.steps.max(1)).enumerate() {
            let (output, after) = output.split_at_mut_checked(self.columns(i)).unwrap_or_default();
            after.fill([T::ZERO; BATCH]);
            if const { BATCH > 1 } {
                let left = left.lanes::<BATCH>(i).get(..self.features).unwrap_or_default();
                let dots = Dots { left, right: right.lanes::<BATCH>(0), distance: right.distance / BATCH };
                row::write::<I, T, BATCH>(isa, dots, output);
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
        if const { BATCH == 1 } {
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
        let right_distance = right.distance / BATCH;
        for (i, output) in output.chunks_mut(distance.max(1)).take(self.steps).enumerate() {
            let output = output.as_chunks_mut().0.get_mut(..self.features).unwrap_or_default();
            let (left, right, terms) = (left.lanes::<BATCH>(i), right.lanes::<BATCH>(0), self.columns(i));
            let sum = Sum { left, right, distances: [1, right_distance], terms };
            row::write::<I, T, BATCH>(isa, sum, output);
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
        if const { BATCH == 1 } {
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
        let right_distance = right.distance / BATCH;
        for (j, output) in output.chunks_mut(distance.max(1)).take(self.steps).enumerate() {
            let first = if self.is_causal { j } else { 0 };
            let output = output.as_chunks_mut().0.get_mut(..self.features).unwrap_or_default();
            let (left, right) = (left.lanes::<BATCH>(first).get(j..).unwrap_or_default(), right.lanes::<BATCH>(first));
            let sum = Sum { left, right, distances: [self.steps, right_distance], terms: self.steps - first };
            row::write::<I, T, BATCH>(isa, sum, output);
        }
    }

    /// [`between_steps`](Self::between_steps), of which what is right of the diagonal may be anything.
    #[inline(always)]
    fn between_steps_of_single<I: Isa, T: Scalar>(self, isa: I, left: Matrix<T>, right: Matrix<T>, output: &mut [T]) {
        let Self { steps, features, is_causal } = self;
        output.fill(T::ZERO);
        let width = if is_causal { PANEL } else { steps.max(1) };
        let block_distance = if features > 8 { 16 } else { 8 };
        for start in (0..steps).step_by(width) {
            let row = if is_causal { start } else { 0 };
            let contraction = Contraction {
                rows: Spaced { values: left.row(row), distance: left.distance, lanes: features },
                row_count: steps - row,
                columns: right.row(start),
                column_distance: right.distance,
                column_count: width.min(steps - start),
                block_distance,
                lanes: features,
            };
            let values = output.get_mut(row * steps + start..).unwrap_or_default();
            let mut sums = Sums { values, distance: steps, of_columns: &mut [] };
            if features > 8 {
                contraction.run::<I, 16, 16>(isa, &mut sums);
            } else {
                contraction.run::<I, 8, 8>(isa, &mut sums);
            }
        }
    }
}

impl<'a, T> Matrix<'a, T> {
    #[inline(always)]
    fn row(self, row: usize) -> &'a [T] {
        self.values.get(row * self.distance..).unwrap_or_default()
    }

    /// The lanes of a row and of those after it.
    #[inline(always)]
    fn lanes<const BATCH: usize>(self, row: usize) -> &'a [[T; BATCH]] {
        self.row(row).as_chunks().0
    }
}
