//! Products of matrices of which each sample has its own, as attention has them of queries, keys and values.
//!
//! A matrix is rows of lanes; the entries of a row are neighbours. Of a matrix between steps that is causal, only what is not
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

/// The sizes of attention: a step of each query pays attention to the steps of the keys.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    /// The rows of the queries, and of a matrix between steps.
    pub(crate) queries: usize,
    /// The rows of keys and values, and the columns of a matrix between steps.
    pub(crate) keys: usize,
    /// The columns of queries, keys and values.
    pub(crate) features: usize,
    /// Whether a query knows nothing of the keys at later steps.
    pub(crate) is_causal: bool,
}

impl Sizes {
    /// How many columns of a row of a matrix between steps are of account.
    #[inline(always)]
    pub(crate) fn columns(self, row: usize) -> usize {
        if self.is_causal { (row + 1).min(self.keys) } else { self.keys }
    }

    /// The first row of a matrix between steps in which a column is relevant.
    #[inline(always)]
    fn first(self, column: usize) -> usize {
        if self.is_causal { column } else { 0 }
    }

    /// The entries of a matrix between steps.
    #[inline(always)]
    pub(crate) fn pairs(self) -> usize {
        self.queries * self.keys
    }

    /// The blocks of rows of a single sample's output that are processed together.
    #[inline(always)]
    fn blocks(self, rows: usize) -> impl Iterator<Item = [usize; 2]> {
        let block = if self.is_causal { BLOCK } else { rows.max(1) };
        (0..rows).step_by(block).map(move |start| [start, (start + block).min(rows)])
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
        for (i, output) in output.as_chunks_mut().0.chunks_exact_mut(self.keys.max(1)).enumerate() {
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
        let left = Matrix { values: left, distance: self.keys * BATCH };
        let lanes = self.features * BATCH;
        let MatrixMut { values: output, distance } = output;
        if const { BATCH == 1 } {
            for [start, end] in self.blocks(self.queries) {
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
        for (i, output) in output.chunks_mut(distance.max(1)).take(self.queries).enumerate() {
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
        let left = Matrix { values: left, distance: self.keys * BATCH };
        let lanes = self.features * BATCH;
        let MatrixMut { values: output, distance } = output;
        if const { BATCH == 1 } {
            for [start, end] in self.blocks(self.keys) {
                let first = self.first(start);
                let product = Product {
                    factors: ByTerm(left.row(first).get(start..).unwrap_or_default()),
                    lanes: right.row(first),
                    terms: Terms::new(self.queries.saturating_sub(first), left.distance, right.distance),
                    start: Start::Zero,
                };
                let values = output.get_mut(start * distance..).unwrap_or_default();
                product.run::<I, BATCH>(isa, Output { values, distance, rows: end - start, lanes });
            }
            return;
        }
        let right_distance = right.distance / BATCH;
        for (j, output) in output.chunks_mut(distance.max(1)).take(self.keys).enumerate() {
            let first = self.first(j);
            let output = output.as_chunks_mut().0.get_mut(..self.features).unwrap_or_default();
            let (left, right) = (left.lanes::<BATCH>(first).get(j..).unwrap_or_default(), right.lanes::<BATCH>(first));
            let sum =
                Sum { left, right, distances: [self.keys, right_distance], terms: self.queries.saturating_sub(first) };
            row::write::<I, T, BATCH>(isa, sum, output);
        }
    }

    /// [`between_steps`](Self::between_steps), of which what is right of the diagonal may be anything.
    #[inline(always)]
    fn between_steps_of_single<I: Isa, T: Scalar>(self, isa: I, left: Matrix<T>, right: Matrix<T>, output: &mut [T]) {
        let Self { queries, keys, features, is_causal } = self;
        let seen = self.columns(queries.saturating_sub(1));
        output.fill(T::ZERO);
        let width = if is_causal { PANEL } else { keys.max(1) };
        for start in (0..seen).step_by(width) {
            let row = self.first(start);
            let left = Matrix { values: left.row(row), distance: left.distance };
            let right = Matrix { values: right.row(start), distance: right.distance };
            let values = output.get_mut(row * keys + start..).unwrap_or_default();
            add_dots(isa, features, (left, queries - row), (right, width.min(seen - start)), values, keys);
        }
    }
}

/// `output[i][j] += Σ_d left[i][d] · right[j][d]`, of matrices of so many rows and `features` columns of a single sample; rows of
/// the output are `distance` apart.
#[inline(always)]
pub(super) fn add_dots<I: Isa, T: Scalar>(
    isa: I,
    features: usize,
    (left, rows): (Matrix<T>, usize),
    (right, columns): (Matrix<T>, usize),
    output: &mut [T],
    distance: usize,
) {
    let contraction = Contraction {
        rows: Spaced { values: left.values, distance: left.distance, lanes: features },
        row_count: rows,
        columns: right.values,
        column_distance: right.distance,
        column_count: columns,
        block_distance: if features > 8 { 16 } else { 8 },
        lanes: features,
    };
    let mut sums = Sums { values: output, distance, of_columns: &mut [] };
    if features > 8 {
        contraction.run::<I, 16, 16>(isa, &mut sums);
    } else {
        contraction.run::<I, 8, 8>(isa, &mut sums);
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
