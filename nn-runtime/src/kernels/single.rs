//! Products of a matrix with a single vector. The matrix stands column by column: a product is a sum of columns, each
//! times a factor, and its rows fill the registers; the [transposed](super::transposed) product is a dot product for each
//! column.

mod blocks;
mod dot;

use core::marker::PhantomData;

pub(crate) use blocks::{AnyRows, Exactly, Rows};
use blocks::{Few, first_row, needs};
use dot::dot;

pub(crate) use super::transposed::{add_transposed_product, transposed_product};
use super::{Isa, Kernel, columns, large};
use crate::scalar::Scalar;

/// Rows of a matrix times a vector, plus a bias.
#[derive(Clone, Copy)]
pub(crate) struct Affine<'a, T> {
    /// The matrix, of which only the rows from `first` on are of account.
    pub(crate) matrix: &'a [T],
    /// How many rows the matrix has.
    pub(crate) rows: usize,
    pub(crate) first: usize,
    pub(crate) input: &'a [T],
    /// A value a row of the matrix; may be empty.
    pub(crate) bias: &'a [T],
}

/// `output = bias + Σ_column matrix[column] · input[column]`
#[inline(always)]
pub(crate) fn product<I: Isa, T: Scalar, R: Rows>(
    isa: I,
    matrix: &[T],
    bias: Option<&[T]>,
    input: &[T],
    output: &mut [T],
) {
    let bias = bias.unwrap_or_default();
    if const { R::LEAST <= 1 }
        && let [output] = output
    {
        *output = dot(isa, matrix, input, bias.first().copied().unwrap_or(T::ZERO));
    } else if const { R::MOST >= 2 } {
        let one = Affine { matrix, rows: output.len(), first: 0, input, bias };
        in_registers::<I, T, R, false, false>(isa, Sum { one, other: None }, output);
    }
}

/// `output = bias + Σ_column matrix[column] · input[column]`, of one matrix or of two; or `output +=` that. In one go, so that the
/// sums stay in registers where they can.
#[inline(always)]
pub(crate) fn sum<I: Isa, T: Scalar, R: Rows, const ADD: bool, const TWO: bool>(
    isa: I,
    one: Affine<T>,
    other: Option<Affine<T>>,
    output: &mut [T],
) {
    if const { R::MOST == 0 } {
        return;
    }
    if const { R::IS_KNOWN } {
        Both::<T, R, ADD, TWO> { sum: Sum { one, other }, output, rows: PhantomData }.run(isa);
    } else {
        // a function for all of them: with three in one, a layer took three times as long to compile
        isa.call_narrow(Both::<T, AnyRows, ADD, true> { sum: Sum { one, other }, output, rows: PhantomData });
    }
}

/// See [`sum`].
struct Both<'s, 'o, T, R, const ADD: bool, const TWO: bool> {
    sum: Sum<'s, T>,
    output: &'o mut [T],
    rows: PhantomData<R>,
}

impl<T: Scalar, R: Rows, const ADD: bool, const TWO: bool> Kernel for Both<'_, '_, T, R, ADD, TWO> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { sum, output, .. } = self;
        if const { I::FMA } {
            in_registers::<I, T, R, ADD, TWO>(isa, sum, output);
        } else {
            columns::sum::<I, T, ADD>(isa, sum.one, sum.other, output);
        }
    }
}

/// The sums in registers.
#[inline(always)]
fn in_registers<I: Isa, T: Scalar, R: Rows, const ADD: bool, const TWO: bool>(isa: I, sum: Sum<T>, output: &mut [T]) {
    if const { fills_register::<I, T>() && R::MOST >= 8 } && output.len() >= 8 {
        let mut done = 0;
        if const { R::MOST >= large::ROWS } {
            done = if const { TWO } && sum.other.is_some() {
                large::blocks::<I, T, true>(isa, sum, ADD, output)
            } else {
                large::blocks::<I, T, false>(isa, sum, ADD, output)
            };
        }
        by_rows::<I, T, R, 8, ADD, TWO>(isa, sum, done, output);
    } else if const { fills_register::<I, T>() && !R::IS_KNOWN } {
        by_rows::<I, T, Few, 4, ADD, TWO>(isa, sum, 0, output);
    } else if const { !fills_register::<I, T>() || R::MOST < 8 } {
        by_rows::<I, T, R, 4, ADD, TWO>(isa, sum, 0, output);
    }
}

/// Whether 8 values are a register.
const fn fills_register<I: Isa, T: Scalar>() -> bool {
    I::FMA && T::LANES == 16
}

/// The product in blocks of rows, each of several chunks of `L`; where the chunks are few, several columns at once, as
/// many as hide the latency of an addition. Begins with the rows after those that are done.
#[inline(always)]
fn by_rows<I: Isa, T: Scalar, R: Rows, const L: usize, const ADD: bool, const TWO: bool>(
    isa: I,
    sum: Sum<T>,
    mut row: usize,
    output: &mut [T],
) {
    let rows = output.len();
    if const { needs::<R>(8, L) } {
        while let Some(first) = first_row(rows, row, 8, L) {
            sum.block::<I, L, 8, 1, ADD, TWO>(isa, first, row - first, output);
            row = first + 8 * L;
        }
    }
    if const { needs::<R>(4, L) } {
        while let Some(first) = first_row(rows, row, 4, L) {
            sum.block::<I, L, 4, 2, ADD, TWO>(isa, first, row - first, output);
            row = first + 4 * L;
        }
    }
    if const { needs::<R>(2, L) } {
        while let Some(first) = first_row(rows, row, 2, L) {
            sum.block::<I, L, 2, 4, ADD, TWO>(isa, first, row - first, output);
            row = first + 2 * L;
        }
    }
    if const { needs::<R>(1, L) } {
        while row < rows {
            let first = row.min(rows.saturating_sub(L));
            sum.block::<I, L, 1, 8, ADD, TWO>(isa, first, row - first, output);
            row = first + L;
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Sum<'a, T> {
    pub(super) one: Affine<'a, T>,
    pub(super) other: Option<Affine<'a, T>>,
}

impl<T: Scalar> Sum<'_, T> {
    /// Computes `N` chunks of rows from `row` on, all but the first `skip` rows, which are done already; `U` columns at
    /// once.
    #[inline(always)]
    pub(super) fn block<I: Isa, const L: usize, const N: usize, const U: usize, const ADD: bool, const TWO: bool>(
        self,
        isa: I,
        row: usize,
        skip: usize,
        output: &mut [T],
    ) {
        let Self { one, other } = self;
        let output = output.get_mut(row..).unwrap_or_default();
        let mut sums = [[[T::ZERO; L]; N]; U];
        copy(if ADD { output } else { one.bias.get(one.first + row..).unwrap_or_default() }, &mut sums[0]);
        // the second sum, if there is one, starts from the second bias instead of 0
        let other_bias = other.map_or(&[][..], |other| other.bias.get(other.first + row..).unwrap_or_default());
        if const { TWO }
            && let Some(second) = sums.get_mut(1)
        {
            copy(other_bias, second);
        }
        one.add::<I, L, N, U>(isa, row, &mut sums);
        let mut most = one.input.len();
        if const { TWO }
            && let Some(other) = other
        {
            if const { U == 1 } {
                let mut bias = [[T::ZERO; L]; N];
                copy(other_bias, &mut bias);
                add(isa, T::ONE, &bias, &mut sums[0]);
            }
            other.add::<I, L, N, U>(isa, row, &mut sums);
            most = most.max(other.input.len()).max(2);
        }
        let mut total = sums[0];
        for (i, sums) in sums.iter().enumerate().skip(1) {
            if i < most {
                add(isa, T::ONE, sums, &mut total);
            }
        }
        // what is computed again need not be kept, but for what it was added to
        write(&total, if ADD { skip } else { 0 }, output);
    }
}

impl<T: Scalar> Affine<'_, T> {
    /// The product with the columns before the `middle` one, or with the others, without a bias.
    #[inline(always)]
    pub(super) fn half(self, middle: usize, second: bool) -> Self {
        let (matrix, input) = (self.matrix.split_at_checked(middle * self.rows), self.input.split_at_checked(middle));
        let ((matrix, matrix_2), (input, input_2)) = (matrix.unwrap_or_default(), input.unwrap_or_default());
        let (matrix, input) = if second { (matrix_2, input_2) } else { (matrix, input) };
        Self { matrix, input, bias: &[], ..self }
    }

    /// Adds the products of the rows from `row` on, those of each `U`th column to other sums.
    #[inline(always)]
    fn add<I: Isa, const L: usize, const N: usize, const U: usize>(
        &self,
        isa: I,
        row: usize,
        sums: &mut [[[T; L]; N]; U],
    ) {
        let (first, rows) = (self.first + row, self.rows.max(1));
        // without iterators over both: those of `core` are functions that the compiler may put where they are inlined late, when no
        // loop is unrolled any more
        let mut start = first;
        if const { U == 1 } {
            for factor in self.input {
                add_column(isa, start, self.matrix, *factor, &mut sums[0]);
                start += rows;
            }
            return;
        }
        let (groups, rest) = self.input.as_chunks::<U>();
        if const { I::IN_PLACE } {
            for group in groups {
                for (i, sums) in sums.iter_mut().enumerate() {
                    add_column(isa, start, self.matrix, group[i], sums);
                    start += rows;
                }
            }
            // as many turns as there are sums, so that the loop is unrolled and the sums stay in registers
            for (i, sums) in sums.iter_mut().enumerate() {
                if let Some(factor) = rest.get(i) {
                    add_column(isa, start, self.matrix, *factor, sums);
                    start += rows;
                }
            }
            return;
        }
        let mut columns = self.matrix.chunks_exact(rows);
        // where the sizes are unknown, all in one: asked for by the loops, the columns cost 10x64 a third of its speed
        let mut add_next = |factor: T, sums: &mut [[T; L]; N]| {
            let column = columns.next().and_then(|column| column.get(self.first + row..)).unwrap_or_default();
            add_scaled(isa, factor, column, sums);
        };
        for group in groups {
            for (sums, factor) in sums.iter_mut().zip(group) {
                add_next(*factor, sums);
            }
        }
        for (sums, factor) in sums.iter_mut().zip(rest) {
            add_next(*factor, sums);
        }
    }
}

/// Adds `factor` times as many values of `column`, from `first` on, as there are sums.
///
/// Not a closure, which the compiler need not inline, and would compile for the portable level.
#[inline(always)]
fn add_column<I: Isa, T: Scalar, const L: usize, const N: usize>(
    isa: I,
    first: usize,
    column: &[T],
    factor: T,
    sums: &mut [[T; L]; N],
) {
    add_scaled(isa, factor, column.get(first..).unwrap_or_default(), sums);
}

/// Adds `factor` times as many values of `column` as there are sums.
#[inline(always)]
fn add_scaled<I: Isa, T: Scalar, const L: usize, const N: usize>(
    isa: I,
    factor: T,
    column: &[T],
    sums: &mut [[T; L]; N],
) {
    if let Some(chunks) = column.as_chunks().0.first_chunk::<N>() {
        add(isa, factor, chunks, sums);
    } else if let [sums] = sums.as_mut_slice() {
        isa.add_scaled(factor, &padded(column), sums);
    }
}

/// Adds `factor` times the chunks.
#[inline(always)]
pub(super) fn add<I: Isa, T: Scalar, const L: usize, const N: usize>(
    isa: I,
    factor: T,
    chunks: &[[T; L]; N],
    sums: &mut [[T; L]; N],
) {
    for (i, sums) in sums.iter_mut().enumerate() {
        isa.add_scaled(factor, &chunks[i], sums);
    }
}

/// Writes all sums but the first `skip`; of a single chunk, as many as there is room for.
///
/// No loop over single sums may be left where there are several chunks: they would be in memory from the start.
#[inline(always)]
fn write<T: Scalar, const L: usize, const N: usize>(sums: &[[T; L]; N], skip: usize, output: &mut [T]) {
    if let Some(output) = output.as_chunks_mut().0.first_chunk_mut::<N>() {
        if skip == 0 {
            *output = *sums;
            return;
        }
        for (i, (output, sums)) in output.iter_mut().zip(sums).enumerate() {
            let before = *output;
            *output = core::array::from_fn(|j| if i * L + j < skip { before[j] } else { sums[j] });
        }
    } else if let [sums] = sums.as_slice() {
        for (output, sum) in output.iter_mut().zip(sums).skip(skip) {
            *output = *sum;
        }
    }
}

/// The first values; where there are not enough for a single chunk, zeros after them.
#[inline(always)]
fn copy<T: Scalar, const L: usize, const N: usize>(values: &[T], chunks: &mut [[T; L]; N]) {
    if let Some(values) = values.as_chunks().0.first_chunk() {
        *chunks = *values;
    } else if let [chunk] = chunks.as_mut_slice() {
        *chunk = padded(values);
    }
}

/// As many of the values as there are places, and zeros after them.
#[inline(always)]
pub(super) fn padded<T: Scalar, const L: usize>(values: &[T]) -> [T; L] {
    core::array::from_fn(|i| values.get(i).copied().unwrap_or(T::ZERO))
}

/// `output[column] += input[column] · factors`
#[inline(always)]
pub(crate) fn add_outer_product<I: Isa, T: Scalar>(isa: I, input: &[T], factors: &[T], output: &mut [T]) {
    for (column, input) in output.chunks_exact_mut(factors.len().max(1)).zip(input) {
        for (value, factor) in column.iter_mut().zip(factors) {
            *value = isa.mul_add(*input, *factor, *value);
        }
    }
}
