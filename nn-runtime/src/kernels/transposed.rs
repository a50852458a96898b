//! The product of a transposed matrix, which stands column by column, with a single vector: a dot product for each column.

use super::Isa;
use super::factors::array;
use super::single::padded;
use crate::scalar::Scalar;

/// `output[column] = Σ_row matrix[column][row] · input[row]`
#[inline(always)]
pub(crate) fn transposed_product<I: Isa, T: Scalar>(isa: I, matrix: &[T], input: &[T], output: &mut [T]) {
    if const { I::FMA && T::LANES == 16 } {
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
    if const { I::FMA && T::LANES == 16 } {
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
        // the last group may have fewer columns: its last one takes the place of those
        let mut columns: [&[T]; COLUMNS] = [&[]; COLUMNS];
        for (i, column) in columns.iter_mut().enumerate() {
            let start = start + distance * i.min(group.len() - 1);
            *column = matrix.get(start..).and_then(|matrix| matrix.get(..rows)).unwrap_or_default();
        }
        start += distance * COLUMNS;
        let mut products = total(isa, products(isa, columns, input, &tail));
        match group.first_chunk_mut() {
            Some(group) => {
                if ADD {
                    isa.add_scaled(T::ONE, group, &mut products);
                }
                *group = products;
            }
            None if ADD => add_some(group, &products),
            None => write_some(group, &products),
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
    // one iterator over all, so that no column's length is compared for every chunk
    let chunks = input.as_chunks::<L>().0.iter();
    let [a, b, c, d] = columns.map(|column| column.as_chunks::<L>().0);
    for ((((input, a), b), c), d) in chunks.zip(a).zip(b).zip(c).zip(d) {
        for (sums, column) in sums.iter_mut().zip([a, b, c, d]) {
            isa.add_products(column, input, sums);
        }
    }
    if !input.len().is_multiple_of(L) {
        for (sums, column) in sums.iter_mut().zip(columns) {
            if let Some(column) = array(column, tail.row) {
                isa.add_products(column, &tail.input, sums);
            } else {
                isa.add_products(&few(column), &tail.input, sums);
            }
        }
    }
    sums
}

/// The total of each row: the rows are folded to 4 sums, then all first, second, third and fourth sums are added.
#[inline(always)]
pub(super) fn total<I: Isa, T: Scalar, const L: usize>(isa: I, sums: [[T; L]; COLUMNS]) -> [T; COLUMNS] {
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

/// [`padded`], not inlined: it is rare.
#[inline(never)]
fn few<T: Scalar, const L: usize>(values: &[T]) -> [T; L] {
    padded(values)
}

/// Writes as many sums as there are places. Not inlined, so that it does not tear the registers of `sums` apart.
#[inline(never)]
fn write_some<T: Scalar>(output: &mut [T], sums: &[T]) {
    for (output, sum) in output.iter_mut().zip(sums) {
        *output = *sum;
    }
}

/// Adds as many sums as there are places. Not inlined: it is rare.
#[inline(never)]
fn add_some<T: Scalar>(output: &mut [T], sums: &[T]) {
    for (output, sum) in output.iter_mut().zip(sums) {
        *output += *sum;
    }
}
