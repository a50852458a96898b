//! A panel: up to `WIDTH` columns of lanes, transposed, so that each of its rows has one lane of them all.

use super::Isa;
use super::factors::array;
use crate::scalar::Scalar;

/// How many columns a panel has; the wide one is for the widest registers.
pub(super) const NARROW: usize = 16;
pub(super) const WIDE: usize = 32;

/// Columns of lanes, at least one and at most `WIDTH`.
#[derive(Clone, Copy)]
pub(super) struct Columns<'a, T> {
    /// The slice that they are in, beginning with the first.
    pub(super) values: &'a [T],
    /// How far neighbouring columns are apart.
    pub(super) distance: usize,
    /// How many there are.
    pub(super) count: usize,
}

impl<T: Scalar> Columns<'_, T> {
    /// Writes the first `lanes` lanes of the columns side by side into `panel`, and zeros below them. What is right of
    /// them is of no account.
    #[inline(always)]
    pub(super) fn transpose<I: Isa, const TERMS: usize, const WIDTH: usize>(
        self,
        isa: I,
        lanes: usize,
        panel: &mut [[T; WIDTH]; TERMS],
    ) {
        self.transpose_group::<I, TERMS, WIDTH, 0>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 1>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 2>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 3>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 4>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 5>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 6>(isa, lanes, panel);
        self.transpose_group::<I, TERMS, WIDTH, 7>(isa, lanes, panel);
    }

    /// Transposes four columns; where there are fewer, the last one again.
    #[inline(always)]
    fn transpose_group<I: Isa, const TERMS: usize, const WIDTH: usize, const G: usize>(
        self,
        isa: I,
        lanes: usize,
        panel: &mut [[T; WIDTH]; TERMS],
    ) {
        if const { 4 * G >= WIDTH } || 4 * G >= self.count {
            return;
        }
        let start_of = |i: usize| (4 * G + i).min(self.count - 1) * self.distance;
        let column = |i: usize| array::<T, TERMS>(self.values, start_of(i)).filter(|_| lanes >= TERMS);
        let (Some(a), Some(b), Some(c), Some(d)) = (column(0), column(1), column(2), column(3)) else {
            let columns = [0, 1, 2, 3].map(|i| self.values.get(start_of(i)..).unwrap_or_default());
            return copy_group::<T, WIDTH, G>(columns, lanes, panel);
        };
        let [a, b, c, d] = [a, b, c, d].map(|column| column.as_chunks::<4>());
        let (squares, rest) = panel.as_chunks_mut::<4>();
        for ((((rows, a), b), c), d) in squares.iter_mut().zip(a.0).zip(b.0).zip(c.0).zip(d.0) {
            for (row, values) in rows.iter_mut().zip(isa.transpose([*a, *b, *c, *d])) {
                write_group::<T, WIDTH, G>(row, values);
            }
        }
        for ((((row, a), b), c), d) in rest.iter_mut().zip(a.1).zip(b.1).zip(c.1).zip(d.1) {
            write_group::<T, WIDTH, G>(row, [*a, *b, *c, *d]);
        }
    }
}

/// Four columns of which not all lanes are there, a value at a time, and zeros below them.
#[inline(never)]
fn copy_group<T: Scalar, const WIDTH: usize, const G: usize>(
    columns: [&[T]; 4],
    lanes: usize,
    panel: &mut [[T; WIDTH]],
) {
    for (lane, row) in panel.iter_mut().enumerate() {
        let value = |column: &[T]| column.get(lane).filter(|_| lane < lanes).copied().unwrap_or(T::ZERO);
        write_group::<T, WIDTH, G>(row, columns.map(value));
    }
}

#[inline(always)]
fn write_group<T, const WIDTH: usize, const G: usize>(row: &mut [T; WIDTH], values: [T; 4]) {
    if let Some(group) = row.as_chunks_mut::<4>().0.get_mut(G) {
        *group = values;
    }
}

/// Adds the sums of the first `count` columns of `panel` to `sums`, unless there are none; as many at once as are narrow.
#[inline(always)]
pub(super) fn add_columns<I: Isa, T: Scalar, const TERMS: usize, const WIDTH: usize>(
    isa: I,
    panel: &[[T; WIDTH]; TERMS],
    count: usize,
    sums: &mut [T],
) {
    for (chunk, sums) in sums.get_mut(..count).unwrap_or_default().chunks_mut(NARROW).enumerate() {
        let mut even = [T::ZERO; NARROW];
        let mut odd = even;
        let (pairs, rest) = panel.as_chunks::<2>();
        for [first, second] in pairs {
            add_row(isa, first, chunk, &mut even);
            add_row(isa, second, chunk, &mut odd);
        }
        for last in rest {
            add_row(isa, last, chunk, &mut even);
        }
        isa.add_scaled(T::ONE, &odd, &mut even);
        add_first(sums, &even);
    }
}

/// Adds the `chunk`th columns of a row.
#[inline(always)]
fn add_row<I: Isa, T: Scalar>(isa: I, row: &[T], chunk: usize, sums: &mut [T; NARROW]) {
    if let Some(row) = row.as_chunks().0.get(chunk) {
        isa.add_scaled(T::ONE, row, sums);
    }
}

/// Adds `sums` to rows of `width` values. Not inlined, so that it does not tear the registers of `sums` apart.
#[inline(never)]
pub(super) fn add_some<T: Scalar, const L: usize>(values: &mut [T], distance: usize, width: usize, sums: &[[T; L]]) {
    let mut start = 0;
    for sums in sums {
        let Some(values) = values.get_mut(start..start + width) else { return };
        add_first(values, sums);
        start += distance;
    }
}

/// Adds as many of the sums as there are values.
#[inline(always)]
fn add_first<T: Scalar>(values: &mut [T], sums: &[T]) {
    let (values, sums) = add_chunk::<T, NARROW>(values, sums);
    let (values, sums) = add_chunk::<T, 8>(values, sums);
    let (values, sums) = add_chunk::<T, 4>(values, sums);
    let (values, sums) = add_chunk::<T, 2>(values, sums);
    add_chunk::<T, 1>(values, sums);
}

/// Adds `N` of the sums, if there are as many values, and returns what comes after them.
#[inline(always)]
fn add_chunk<'v, 's, T: Scalar, const N: usize>(values: &'v mut [T], sums: &'s [T]) -> (&'v mut [T], &'s [T]) {
    if values.len() < N || sums.len() < N {
        return (values, sums);
    }
    let (chunk, values) = values.split_at_mut(N);
    let (terms, sums) = sums.split_at(N);
    for (value, sum) in chunk.iter_mut().zip(terms) {
        *value += *sum;
    }
    (values, sums)
}
