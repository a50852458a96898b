//! The gradient of a matrix of factors: a sum over lanes.
//!
//! ```text
//! output[row][column] += Σ_lane rows(row)[lane] · columns(column)[lane]
//! ```
//!
//! The columns are transposed, a block at a time, so that they become the lanes of a product and the lanes its terms.

use super::Isa;
use super::product::{ByRow, Factors, Stretch};
use crate::scalar::Scalar;

/// How many columns stand side by side in a panel.
const WIDTH: usize = 16;
/// How many columns are transposed at once.
const GROUP: usize = 4;
/// How many panels there are.
const PANELS: usize = 2;

/// Rows of lanes, all of them `distance` apart, the first at the start of `values`.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<'a, T> {
    /// The slice that they are in.
    pub(crate) values: &'a [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
    /// The number of rows.
    pub(crate) count: usize,
}

/// Adds to `output`, whose columns are neighbours and whose rows are `columns.count` apart, the sums over `BATCH` lanes.
#[inline(always)]
pub(crate) fn contract<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    rows: Lanes<T>,
    columns: Lanes<T>,
    output: &mut [T],
) {
    let mut panels = [[[T::ZERO; WIDTH]; BATCH]; PANELS];
    let mut column = 0;
    while column < columns.count {
        let mut packed = 0;
        for panel in &mut panels {
            let width = WIDTH.min(columns.count - column - packed);
            transpose(columns, column + packed, width, panel);
            packed += width;
        }
        let mut block = Block {
            rows,
            panels: panels.as_flattened().as_flattened(),
            terms: BATCH,
            columns: columns.count,
            column,
            width: packed,
            output,
        };
        if packed <= WIDTH / 2 {
            block.run::<I, 8, 8>(isa);
        } else {
            block.run::<I, 16, 6>(isa);
        }
        column += packed;
    }
}

struct Block<'a, T> {
    rows: Lanes<'a, T>,
    panels: &'a [T],
    terms: usize,
    columns: usize,
    column: usize,
    width: usize,
    output: &'a mut [T],
}

impl<T: Scalar> Block<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize, const R: usize>(&mut self, isa: I) {
        let mut row = 0;
        self.rows::<I, L, R>(isa, &mut row);
        self.rows::<I, L, 4>(isa, &mut row);
        self.rows::<I, L, 1>(isa, &mut row);
    }

    #[inline(always)]
    fn rows<I: Isa, const L: usize, const R: usize>(&mut self, isa: I, row: &mut usize) {
        while *row + R <= self.rows.count {
            let mut done = 0;
            for panel in self.panels.chunks_exact(self.terms * WIDTH) {
                if done >= self.width {
                    break;
                }
                let factors = ByRow { values: self.rows.values, distance: self.rows.distance };
                let stretch =
                    Stretch { count: self.terms, factor: 0, factor_distance: 1, lanes: panel, lanes_distance: WIDTH };
                let sums = factors.add(isa, *row, stretch, [[T::ZERO; L]; R]);
                let start = *row * self.columns + self.column + done;
                let values = self.output.get_mut(start..).unwrap_or_default();
                if self.width - done >= L {
                    for (row, sums) in values.chunks_mut(self.columns.max(1)).zip(sums) {
                        if let Some(values) = row.first_chunk_mut() {
                            add(values, &sums);
                        }
                    }
                } else {
                    add_some(values, self.columns, self.width - done, &sums);
                }
                done += L;
            }
            *row += R;
        }
    }
}

/// Adds `sums` to rows of `width` values. Not inlined, so that it does not tear the registers of `sums` apart.
#[inline(never)]
fn add_some<T: Scalar, const L: usize>(values: &mut [T], distance: usize, width: usize, sums: &[[T; L]]) {
    for (values, sums) in values.chunks_mut(distance.max(1)).zip(sums) {
        let (values, _) = values.split_at_mut_checked(width).unwrap_or_default();
        let (sums, sums_after) = sums.split_at_checked(values.len() - values.len() % 4).unwrap_or_default();
        let (values, values_after) = values.as_chunks_mut::<4>();
        for (values, sums) in values.iter_mut().zip(sums.as_chunks::<4>().0) {
            add(values, sums);
        }
        for (value, sum) in values_after.iter_mut().zip(sums_after) {
            *value += *sum;
        }
    }
}

#[inline(always)]
fn add<T: Scalar, const N: usize>(values: &mut [T; N], sums: &[T; N]) {
    for (value, sum) in values.iter_mut().zip(sums) {
        *value += *sum;
    }
}

/// Writes `width` columns, beginning with `column`, side by side into `panel`. What is right of them is of no account.
#[inline(always)]
fn transpose<T: Scalar>(columns: Lanes<T>, column: usize, width: usize, panel: &mut [[T; WIDTH]]) {
    transpose_group::<T, 0>(columns, column, width, panel);
    transpose_group::<T, 1>(columns, column, width, panel);
    transpose_group::<T, 2>(columns, column, width, panel);
    transpose_group::<T, 3>(columns, column, width, panel);
}

#[inline(always)]
fn transpose_group<T: Scalar, const G: usize>(
    columns: Lanes<T>,
    column: usize,
    width: usize,
    panel: &mut [[T; WIDTH]],
) {
    if GROUP * G >= width {
        return;
    }
    let terms = panel.len();
    let sources: [&[T]; GROUP] = core::array::from_fn(|i| {
        let column = column + (GROUP * G + i).min(width - 1);
        let source = columns.values.get(column * columns.distance..);
        source.and_then(|source| source.get(..terms)).unwrap_or_default()
    });
    let [a, b, c, d] = sources.map(|source| source.as_chunks::<GROUP>());
    let (squares, rest) = panel.as_chunks_mut::<GROUP>();
    for ((((rows, a), b), c), d) in squares.iter_mut().zip(a.0).zip(b.0).zip(c.0).zip(d.0) {
        let (a, b, c, d) = (*a, *b, *c, *d);
        let square: [[T; GROUP]; GROUP] = core::array::from_fn(|lane| [a[lane], b[lane], c[lane], d[lane]]);
        for (row, values) in rows.iter_mut().zip(square) {
            write_group::<T, G>(row, values);
        }
    }
    for ((((row, a), b), c), d) in rest.iter_mut().zip(a.1).zip(b.1).zip(c.1).zip(d.1) {
        write_group::<T, G>(row, [*a, *b, *c, *d]);
    }
}

#[inline(always)]
fn write_group<T, const G: usize>(row: &mut [T; WIDTH], values: [T; GROUP]) {
    if let Some(target) = row.as_chunks_mut::<GROUP>().0.get_mut(G) {
        *target = values;
    }
}

/// Adds to each of `sums` the sum of its `BATCH` lanes.
#[inline(always)]
pub(crate) fn sum_lanes<I: Isa, T: Scalar, const BATCH: usize>(_isa: I, lanes: &[T], sums: &mut [T]) {
    for (lanes, sum) in lanes.as_chunks::<BATCH>().0.iter().zip(sums) {
        *sum += lanes.iter().copied().sum();
    }
}
