//! Blocks of rows of a matrix that does not fit in the first-level cache, times a single vector: what counts is how it is read,
//! in whole lines of the cache.

use super::single::Sum;
use super::{Isa, Kernel, widest};
use crate::scalar::Scalar;

/// How many values a matrix has at least that is read so: 32 kB and more come from the second-level cache.
const LARGE: usize = 1 << 13;

/// How many rows are computed at least; as many more as are a multiple of it.
const ROWS: usize = 64;

/// Computes the first rows of a large matrix's product, and returns how many are done: a multiple of [`ROWS`], perhaps 0.
#[inline(always)]
pub(super) fn blocks<I: Isa, T: Scalar, const ADD: bool>(isa: I, sum: Sum<T>, output: &mut [T]) -> usize {
    let rows = output.len() / ROWS * ROWS;
    if rows == 0 || sum.one.matrix.len() + sum.other.map_or(0, |other| other.matrix.len()) < LARGE {
        return 0;
    }
    let kernel = FirstRows::<T, ADD>(sum, output.get_mut(..rows).unwrap_or_default());
    // where each second column begins in the middle of a wide register, narrow ones are faster: 120x256 took 1.06 times as long
    if sum.one.rows.is_multiple_of(16) {
        isa.call_widest(kernel);
    } else {
        isa.call(kernel);
    }
    rows
}

struct FirstRows<'s, 'o, T, const ADD: bool>(Sum<'s, T>, &'o mut [T]);

impl<T: Scalar, const ADD: bool> Kernel for FirstRows<'_, '_, T, ADD> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        if const { widest::<I, T>() == 32 } {
            self.run_by::<I, 16>(isa);
        } else {
            self.run_by::<I, 8>(isa);
        }
    }
}

impl<T: Scalar, const ADD: bool> FirstRows<'_, '_, T, ADD> {
    /// The sums are added up in the same order wherever the matrix stands in memory and however wide the registers are.
    ///
    /// Each kind of block is a function of its own: without optimisation they would have all their registers side by side on
    /// the stack.
    #[inline(always)]
    fn run_by<I: Isa, const L: usize>(self, isa: I) {
        let Self(sum, output) = self;
        let (shift, rows) = (shift::<T, L>(sum), output.len());
        let mut row = 0;
        if shift == 0 {
            while rows - row >= 8 * L {
                row = isa.call(Block::<T, L, 8, ADD> { sum, row, output });
            }
            if const { 8 * L > ROWS } && row < rows {
                isa.call(Block::<T, L, 4, ADD> { sum, row, output });
            }
        } else {
            while rows - row > 7 * L {
                row = isa.call(AlignedBlock::<T, L, 7, ADD> { sum, row, shift, output });
            }
            if const { 8 * L > ROWS } && row < rows {
                isa.call(AlignedBlock::<T, L, 3, ADD> { sum, row, shift, output });
            }
        }
    }
}

/// `N` chunks of rows.
struct Block<'s, 'o, T, const L: usize, const N: usize, const ADD: bool> {
    sum: Sum<'s, T>,
    row: usize,
    output: &'o mut [T],
}

impl<T: Scalar, const L: usize, const N: usize, const ADD: bool> Kernel for Block<'_, '_, T, L, N, ADD> {
    /// How many rows are done.
    type Output = usize;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> usize {
        self.sum.block::<I, L, N, 1, ADD>(isa, self.row, 0, self.output);
        self.row + N * L
    }
}

/// How many rows there are before the first that stands at a multiple of `L` in memory in each column; 0 where there is no
/// such row.
#[inline(always)]
fn shift<T: Scalar, const L: usize>(Sum { one, other }: Sum<T>) -> usize {
    let larger = other.filter(|other| other.input.len() > one.input.len()).unwrap_or(one);
    if !larger.rows.is_multiple_of(L) {
        return 0;
    }
    let first = larger.matrix.get(larger.first..).unwrap_or_default();
    first.as_ptr().align_offset(size_of::<[T; L]>()) % L
}

/// Up to `N + 2` chunks of rows, from `row` on, of which all begin at a multiple of `L` in memory but for the first of all and
/// the last of all, which overlap with their neighbours.
///
/// A load of 64 bytes that begins elsewhere takes from two lines of the cache: 128x784 took 1.8 times as long, now 1.2.
struct AlignedBlock<'s, 'o, T, const L: usize, const N: usize, const ADD: bool> {
    sum: Sum<'s, T>,
    row: usize,
    /// See [`shift`].
    shift: usize,
    output: &'o mut [T],
}

impl<T: Scalar, const L: usize, const N: usize, const ADD: bool> Kernel for AlignedBlock<'_, '_, T, L, N, ADD> {
    /// How many rows are done.
    type Output = usize;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> usize {
        let Self { sum: Sum { one, other }, row, shift, output } = self;
        let start = if row == 0 { shift } else { row };
        let last = (start + N * L).min(output.len() - L);
        let (mut head, mut body, mut tail) = ([[T::ZERO; L]], [[T::ZERO; L]; N], [[T::ZERO; L]]);
        let bias = if ADD { &*output } else { one.bias.get(one.first..).unwrap_or_default() };
        add(isa, T::ONE, bias, row, &mut head);
        add(isa, T::ONE, bias, start, &mut body);
        add(isa, T::ONE, bias, last, &mut tail);
        for (i, affine) in [Some(one), other].into_iter().flatten().enumerate() {
            if i > 0 {
                let bias = affine.bias.get(affine.first..).unwrap_or_default();
                add(isa, T::ONE, bias, row, &mut head);
                add(isa, T::ONE, bias, start, &mut body);
                add(isa, T::ONE, bias, last, &mut tail);
            }
            for (factor, column) in affine.input.iter().zip(affine.matrix.chunks_exact(affine.rows.max(1))) {
                let column = column.get(affine.first..).unwrap_or_default();
                add(isa, *factor, column, row, &mut head);
                add(isa, *factor, column, start, &mut body);
                add(isa, *factor, column, last, &mut tail);
            }
        }
        write(head, row, output);
        write(body, start, output);
        write(tail, last, output);
        last + L
    }
}

/// Adds `factor` times as many values, from `row` on, as there are sums.
#[inline(always)]
fn add<I: Isa, T: Scalar, const L: usize, const N: usize>(
    isa: I,
    factor: T,
    values: &[T],
    row: usize,
    sums: &mut [[T; L]; N],
) {
    let Some(chunks) = values.get(row..).and_then(|values| values.as_chunks().0.first_chunk::<N>()) else { return };
    for (sums, chunk) in sums.iter_mut().zip(chunks) {
        isa.add_scaled(factor, chunk, sums);
    }
}

#[inline(always)]
fn write<T: Scalar, const L: usize, const N: usize>(sums: [[T; L]; N], row: usize, output: &mut [T]) {
    if let Some(output) = output.get_mut(row..).and_then(|output| output.as_chunks_mut().0.first_chunk_mut()) {
        *output = sums;
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::*;
    use crate::init::{rng, unit};
    use crate::kernels::{at_each_level, single};

    /// A product with a matrix of 192 rows and 50 columns that begins somewhere in memory.
    struct Product<'a>(&'a [f32]);

    impl Kernel for Product<'_> {
        type Output = Vec<u32>;

        fn run<I: Isa>(self, isa: I) -> Vec<u32> {
            let (bias, input) = ([0.5; 192], core::array::from_fn::<f32, 50, _>(|i| 0.1 * i as f32 - 2.0));
            let mut output = [0.0; 192];
            single::product(isa, self.0, Some(&bias), &input, &mut output);
            output.iter().map(|value| value.to_bits()).collect()
        }
    }

    #[test]
    fn the_bits_do_not_depend_on_where_the_matrix_stands() {
        let mut rng = rng(0);
        let mut memory: Vec<f32> = (0..192 * 50).map(|_| unit(&mut rng) as f32).collect();
        let first = at_each_level(|| Product(&memory));
        for start in 1..16 {
            memory.insert(0, 0.0);
            assert!(
                at_each_level(|| Product(&memory[start..])) == first,
                "other bits when {start} values stand before it"
            );
        }
    }
}
