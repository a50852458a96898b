//! Products of a matrix with a single vector. The matrix stands column by column.

use super::Isa;
use super::factors::array;
use crate::scalar::Scalar;

/// `output = bias + Σ_column matrix[column] · input[column]`
#[inline(always)]
pub(crate) fn product<I: Isa, T: Scalar>(isa: I, matrix: &[T], bias: Option<&[T]>, input: &[T], output: &mut [T]) {
    let rows = output.len();
    if I::FMA && T::LANES == 16 {
        add_columns::<I, T, 8, false>(isa, matrix, rows, input, output);
    } else {
        add_columns::<I, T, 4, false>(isa, matrix, rows, input, output);
    }
    for (output, bias) in output.iter_mut().zip(bias.unwrap_or_default()) {
        *output += *bias;
    }
}

/// `output += Σ_column matrix[column] · input[column]`; columns are `distance` apart.
#[inline(always)]
pub(crate) fn add_product<I: Isa, T: Scalar>(isa: I, matrix: &[T], distance: usize, input: &[T], output: &mut [T]) {
    if I::FMA && T::LANES == 16 {
        add_columns::<I, T, 8, true>(isa, matrix, distance, input, output);
    } else {
        add_columns::<I, T, 4, true>(isa, matrix, distance, input, output);
    }
}

/// The product in blocks of rows, each of several chunks of `L`; where the rows are few, several columns at once. Added to
/// `output`, or overwriting it.
#[inline(always)]
fn add_columns<I: Isa, T: Scalar, const L: usize, const ADD: bool>(
    isa: I,
    matrix: &[T],
    distance: usize,
    input: &[T],
    output: &mut [T],
) {
    let rows = output.len();
    let mut row = 0;
    while row < rows {
        let columns = Columns { matrix: matrix.get(row..).unwrap_or_default(), distance, left: rows - row };
        let output = output.get_mut(row..).unwrap_or_default();
        row += if rows - row >= 8 * L {
            columns.block::<I, L, 8, 1, ADD>(isa, input, output)
        } else if rows - row > L {
            columns.block::<I, L, 2, 4, ADD>(isa, input, output)
        } else {
            columns.block::<I, L, 1, 8, ADD>(isa, input, output)
        };
    }
}

/// The columns of a matrix, which are `distance` apart, from a row on that has `left` rows after it, itself included.
struct Columns<'a, T> {
    matrix: &'a [T],
    distance: usize,
    left: usize,
}

impl<T: Scalar> Columns<'_, T> {
    /// Computes `N · L` rows, or all that are left, and returns how many.
    #[inline(always)]
    fn block<I: Isa, const L: usize, const N: usize, const U: usize, const ADD: bool>(
        &self,
        isa: I,
        input: &[T],
        output: &mut [T],
    ) -> usize {
        let mut sums = self.sums::<I, L, N, U>(isa, input);
        let count = (N * L).min(self.left);
        if let Some(output) = output.as_chunks_mut().0.first_chunk_mut() {
            if ADD {
                for (sums, output) in sums.iter_mut().zip(&*output) {
                    isa.add_scaled(T::ONE, output, sums);
                }
            }
            *output = sums;
        } else if ADD {
            add_some(output, &sums);
        } else {
            write_some(output, &sums);
        }
        count
    }

    #[inline(always)]
    fn sums<I: Isa, const L: usize, const N: usize, const U: usize>(&self, isa: I, input: &[T]) -> [[T; L]; N] {
        let mut sums = [[[T::ZERO; L]; N]; U];
        // near the end of the matrix a block of rows would reach beyond it
        let in_place = (self.matrix.len() + self.distance).saturating_sub(N * L) / self.distance.max(1);
        let (input, rest) = input.split_at(in_place.min(input.len()));
        let (groups, single) = input.as_chunks::<U>();
        let mut start = 0;
        for group in groups {
            for (sums, factor) in sums.iter_mut().zip(group) {
                self.add_column(isa, start, *factor, sums);
                start += self.distance;
            }
        }
        for (sums, factor) in sums.iter_mut().zip(single) {
            self.add_column(isa, start, *factor, sums);
            start += self.distance;
        }
        for factor in rest {
            let column = padded::<T, L, N>(self.matrix.get(start..).unwrap_or_default());
            for (sums, column) in sums[0].iter_mut().zip(&column) {
                isa.add_scaled(*factor, column, sums);
            }
            start += self.distance;
        }
        let mut total = sums[0];
        for i in 1..U {
            for (total, sums) in total.iter_mut().zip(&sums[i]) {
                isa.add_scaled(T::ONE, sums, total);
            }
        }
        total
    }

    #[inline(always)]
    fn add_column<I: Isa, const L: usize, const N: usize>(
        &self,
        isa: I,
        start: usize,
        factor: T,
        sums: &mut [[T; L]; N],
    ) {
        let chunks = self.matrix.get(start..).unwrap_or_default().as_chunks().0;
        let Some(chunks) = chunks.first_chunk::<N>() else { return };
        for (sums, chunk) in sums.iter_mut().zip(chunks) {
            isa.add_scaled(factor, chunk, sums);
        }
    }
}

/// As many of the values as there are places, and zeros after them. Not inlined: it is rare.
#[inline(never)]
fn padded<T: Scalar, const L: usize, const N: usize>(values: &[T]) -> [[T; L]; N] {
    let mut padded = [[T::ZERO; L]; N];
    for (place, value) in padded.as_flattened_mut().iter_mut().zip(values) {
        *place = *value;
    }
    padded
}

/// Writes as many sums as there are places. Not inlined, so that it does not tear the registers of `sums` apart.
#[inline(never)]
fn write_some<T: Scalar, const L: usize>(output: &mut [T], sums: &[[T; L]]) {
    for (output, sum) in output.iter_mut().zip(sums.as_flattened()) {
        *output = *sum;
    }
}

/// Adds as many sums as there are places. Not inlined: it is rare.
#[inline(never)]
fn add_some<T: Scalar, const L: usize>(output: &mut [T], sums: &[[T; L]]) {
    for (output, sum) in output.iter_mut().zip(sums.as_flattened()) {
        *output += *sum;
    }
}

/// `output[column] = Σ_row matrix[column][row] · input[row]`
#[inline(always)]
pub(crate) fn transposed_product<I: Isa, T: Scalar>(isa: I, matrix: &[T], input: &[T], output: &mut [T]) {
    if I::FMA && T::LANES == 16 {
        dots::<I, T, 8, false>(isa, matrix, input.len(), input, output);
    } else {
        dots::<I, T, 4, false>(isa, matrix, input.len(), input, output);
    }
}

/// `output[column] += Σ_row matrix[column][row] · input[row]`; columns are `distance` apart.
#[inline(always)]
pub(crate) fn add_transposed_product<I: Isa, T: Scalar>(
    isa: I,
    matrix: &[T],
    distance: usize,
    input: &[T],
    output: &mut [T],
) {
    if I::FMA && T::LANES == 16 {
        dots::<I, T, 8, true>(isa, matrix, distance, input, output);
    } else {
        dots::<I, T, 4, true>(isa, matrix, distance, input, output);
    }
}

/// How many columns are multiplied at once.
const COLUMNS: usize = 4;

#[inline(always)]
fn dots<I: Isa, T: Scalar, const L: usize, const ADD: bool>(
    isa: I,
    matrix: &[T],
    distance: usize,
    input: &[T],
    output: &mut [T],
) {
    let rows = input.len();
    let tail = Tail::<T, L>::new(input);
    let mut start = 0;
    for group in output.chunks_mut(COLUMNS) {
        let mut columns: [&[T]; COLUMNS] = [&[]; COLUMNS];
        for column in columns.iter_mut().take(group.len()) {
            *column = matrix.get(start..).and_then(|matrix| matrix.get(..rows)).unwrap_or_default();
            start += distance;
        }
        let mut products = total(isa, products(isa, columns, input, &tail));
        match group.first_chunk_mut() {
            Some(group) => {
                if ADD {
                    isa.add_scaled(T::ONE, group, &mut products);
                }
                *group = products;
            }
            None if ADD => add_some(group, &[products]),
            None => write_some(group, &[products]),
        }
    }
}

/// The last rows, fewer than a chunk: a chunk that ends with them, zeros before them.
struct Tail<T, const L: usize> {
    row: usize,
    input: [T; L],
}

impl<T: Scalar, const L: usize> Tail<T, L> {
    #[inline(always)]
    fn new(input: &[T]) -> Self {
        let row = input.len().saturating_sub(L);
        let done = input.len() - input.len() % L;
        let mut tail = Self { row, input: [T::ZERO; L] };
        for (i, (place, value)) in tail.input.iter_mut().zip(input.iter().skip(row)).enumerate() {
            if row + i >= done {
                *place = *value;
            }
        }
        tail
    }
}

/// The products of `columns` and `input`, as `L` sums each.
#[inline(always)]
fn products<I: Isa, T: Scalar, const L: usize>(
    isa: I,
    columns: [&[T]; COLUMNS],
    input: &[T],
    tail: &Tail<T, L>,
) -> [[T; L]; COLUMNS] {
    let mut sums = [[T::ZERO; L]; COLUMNS];
    let mut row = 0;
    for input in input.as_chunks::<L>().0 {
        for (sums, column) in sums.iter_mut().zip(columns) {
            let Some(column) = array(column, row) else { break };
            isa.add_products(column, input, sums);
        }
        row += L;
    }
    if row < input.len() {
        for (sums, column) in sums.iter_mut().zip(columns) {
            if let Some(column) = array(column, tail.row) {
                isa.add_products(column, &tail.input, sums);
            } else {
                let [column] = padded::<T, L, 1>(column);
                isa.add_products(&column, &tail.input, sums);
            }
        }
    }
    sums
}

/// The total of each row: the rows are folded to 4 sums, then all first, second, third and fourth sums are added.
#[inline(always)]
fn total<I: Isa, T: Scalar, const L: usize>(isa: I, sums: [[T; L]; COLUMNS]) -> [T; COLUMNS] {
    let mut folded = [[T::ZERO; 4]; COLUMNS];
    for (folded, sums) in folded.iter_mut().zip(&sums) {
        for part in sums.as_chunks::<4>().0 {
            isa.add_scaled(T::ONE, part, folded);
        }
    }
    let mut total = [T::ZERO; COLUMNS];
    for part in &isa.transpose(folded) {
        isa.add_scaled(T::ONE, part, &mut total);
    }
    total
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
