//! Blocks of rows of a matrix that does not fit in the first-level cache, times a single vector: what counts is how it is read,
//! in whole lines of the cache.

use super::single::{Affine, Sum};
use super::{Isa, Kernel, widest};
use crate::scalar::Scalar;

/// How many values a matrix has at least that is read so: 32 kB and more come from the second-level cache.
const LARGE: usize = 1 << 13;

/// How many rows the blocks have together: as many as are a multiple of it.
const ROWS: usize = 64;

/// How many rows at most are not in blocks, but all in one pass: as many as there are narrow registers, but for one.
const ONE_PASS: usize = 15 * 8;

/// Computes the first rows of a large matrix's product, and returns how many are done: all, a multiple of [`ROWS`] or 0.
#[inline(always)]
pub(super) fn blocks<I: Isa, T: Scalar, const ADD: bool, const TWO: bool>(
    isa: I,
    sum: Sum<T>,
    output: &mut [T],
) -> usize {
    let rows = output.len();
    let in_blocks = rows / ROWS * ROWS;
    if in_blocks == 0 || sum.one.matrix.len() + sum.other.map_or(0, |other| other.matrix.len()) < LARGE {
        return 0;
    }
    let second_first = TWO && second_is_cached();
    if const { !TWO } && in_blocks < rows && rows <= ONE_PASS {
        isa.call(Pass::<T, 8, 0, 8, 7, ADD, TWO> { sum, second_first, starts: [0, 0, rows - 7 * 8], output });
        return rows;
    }
    let output = output.get_mut(..in_blocks).unwrap_or_default();
    let kernel = FirstRows::<T, ADD, TWO> { sum, second_first, output };
    // where each second column begins in the middle of a wide register, narrow ones are faster
    if sum.one.rows.is_multiple_of(16) {
        isa.call_widest(kernel);
    } else {
        isa.call(kernel);
    }
    in_blocks
}

/// Which half of the columns of another matrix to begin with: in turn, as of a matrix that is read step after step the half that
/// was read last is still in the first-level cache. It makes no difference to the sums.
fn second_is_cached() -> bool {
    #[cfg(feature = "std")]
    {
        std::thread_local! {
            static SECOND: core::cell::Cell<bool> = const { core::cell::Cell::new(false) };
        }
        SECOND.with(|second| second.replace(!second.get()))
    }
    #[cfg(not(feature = "std"))]
    false
}

struct FirstRows<'s, 'o, T, const ADD: bool, const TWO: bool> {
    sum: Sum<'s, T>,
    second_first: bool,
    output: &'o mut [T],
}

impl<T: Scalar, const ADD: bool, const TWO: bool> Kernel for FirstRows<'_, '_, T, ADD, TWO> {
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

impl<T: Scalar, const ADD: bool, const TWO: bool> FirstRows<'_, '_, T, ADD, TWO> {
    /// The sums are added up in the same order wherever the matrix stands in memory and however wide the registers are.
    ///
    /// Chunks begin at a multiple of `L` in memory where they can, but for the first of all and the last of all, which
    /// overlap with their neighbours: a load of 64 bytes that begins elsewhere takes from two lines of the cache, and 128x784
    /// took 1.8 times as long, now 1.2.
    #[inline(always)]
    fn run_by<I: Isa, const L: usize>(self, isa: I) {
        let Self { sum, second_first, output } = self;
        let (shift, rows) = (shift::<T, L>(sum), output.len());
        let mut row = 0;
        if shift == 0 {
            while const { L == 16 } && rows - row >= 16 * L {
                isa.call(Pass::<T, L, 0, 16, 0, ADD, TWO> { sum, second_first, starts: [row; 3], output });
                row += 16 * L;
            }
            while rows - row >= 8 * L {
                isa.call(Pass::<T, L, 0, 8, 0, ADD, TWO> { sum, second_first, starts: [row; 3], output });
                row += 8 * L;
            }
            if const { 8 * L > ROWS } && row < rows {
                isa.call(Pass::<T, L, 0, 4, 0, ADD, TWO> { sum, second_first, starts: [row; 3], output });
            }
            return;
        }
        while row < rows {
            let body = if row == 0 { shift } else { row };
            if rows - row > 7 * L {
                let tail = (body + 7 * L).min(rows - L);
                isa.call(Pass::<T, L, 1, 7, 1, ADD, TWO> { sum, second_first, starts: [row, body, tail], output });
                row = tail + L;
            } else {
                // of wide registers alone
                if const { 8 * L > ROWS } {
                    isa.call(Pass::<T, L, 1, 3, 1, ADD, TWO> {
                        sum,
                        second_first,
                        starts: [row, body, rows - L],
                        output,
                    });
                }
                row = rows;
            }
        }
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

/// One pass over the columns, for three runs of chunks of rows, which may overlap.
///
/// Each kind is a function of its own: without optimisation they would have all their registers side by side on the stack.
struct Pass<
    's,
    'o,
    T,
    const L: usize,
    const HEAD: usize,
    const BODY: usize,
    const TAIL: usize,
    const ADD: bool,
    const TWO: bool,
> {
    sum: Sum<'s, T>,
    second_first: bool,
    /// The first row of each run.
    starts: [usize; 3],
    output: &'o mut [T],
}

impl<
    T: Scalar,
    const L: usize,
    const HEAD: usize,
    const BODY: usize,
    const TAIL: usize,
    const ADD: bool,
    const TWO: bool,
> Kernel for Pass<'_, '_, T, L, HEAD, BODY, TAIL, ADD, TWO>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { sum: Sum { one, other }, second_first, starts, output } = self;
        let mut sums = Runs::<T, L, HEAD, BODY, TAIL>::zeros();
        let bias = if ADD { &*output } else { one.bias.get(one.first..).unwrap_or_default() };
        sums.add(isa, T::ONE, bias, starts);
        sums.add_product(isa, one, starts);
        if const { TWO }
            && let Some(other) = other
        {
            sums.add(isa, T::ONE, other.bias.get(other.first..).unwrap_or_default(), starts);
            // the sums of each half by themselves, so that it does not matter which is first
            let (middle, mut halves) = (other.input.len() / 2, [const { Runs::<T, L, HEAD, BODY, TAIL>::zeros() }; 2]);
            for second in [second_first, !second_first] {
                let mut half = Runs::zeros();
                half.add_product(isa, other.half(middle, second), starts);
                halves[usize::from(second)] = half;
            }
            for half in &halves {
                sums.add_runs(isa, half);
            }
        }
        sums.write(starts, output);
    }
}

/// The sums of a [`Pass`]. Of one length they could be an array, but one of different lengths was kept in memory.
struct Runs<T, const L: usize, const HEAD: usize, const BODY: usize, const TAIL: usize> {
    head: [[T; L]; HEAD],
    body: [[T; L]; BODY],
    tail: [[T; L]; TAIL],
}

impl<T: Scalar, const L: usize, const HEAD: usize, const BODY: usize, const TAIL: usize> Runs<T, L, HEAD, BODY, TAIL> {
    #[inline(always)]
    const fn zeros() -> Self {
        Self { head: [[T::ZERO; L]; HEAD], body: [[T::ZERO; L]; BODY], tail: [[T::ZERO; L]; TAIL] }
    }

    #[inline(always)]
    fn add_runs<I: Isa>(&mut self, isa: I, other: &Self) {
        add(isa, T::ONE, &other.head, &mut self.head);
        add(isa, T::ONE, &other.body, &mut self.body);
        add(isa, T::ONE, &other.tail, &mut self.tail);
    }

    #[inline(always)]
    fn add_product<I: Isa>(&mut self, isa: I, affine: Affine<T>, starts: [usize; 3]) {
        for (factor, column) in affine.input.iter().zip(affine.matrix.chunks_exact(affine.rows.max(1))) {
            self.add(isa, *factor, column.get(affine.first..).unwrap_or_default(), starts);
        }
    }

    /// Adds `factor` times as many values, from each of the starts on, as there are sums.
    #[inline(always)]
    fn add<I: Isa>(&mut self, isa: I, factor: T, values: &[T], [head, body, tail]: [usize; 3]) {
        let runs = (chunks(values, head), chunks(values, body), chunks(values, tail));
        let (Some(head), Some(body), Some(tail)) = runs else { return };
        add(isa, factor, head, &mut self.head);
        add(isa, factor, body, &mut self.body);
        add(isa, factor, tail, &mut self.tail);
    }

    #[inline(always)]
    fn write(self, [head, body, tail]: [usize; 3], output: &mut [T]) {
        write(self.head, head, output);
        write(self.body, body, output);
        write(self.tail, tail, output);
    }
}

/// `N` chunks of values from `row` on.
#[inline(always)]
fn chunks<T, const L: usize, const N: usize>(values: &[T], row: usize) -> Option<&[[T; L]; N]> {
    values.get(row..)?.as_chunks().0.first_chunk()
}

#[inline(always)]
fn add<I: Isa, T: Scalar, const L: usize, const N: usize>(
    isa: I,
    factor: T,
    chunks: &[[T; L]; N],
    sums: &mut [[T; L]; N],
) {
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

    const COLUMNS: usize = 140;

    /// A product with a matrix of so many rows that begins somewhere in memory, and what is already there plus as much.
    struct Products<'a> {
        matrix: &'a [f32],
        rows: usize,
    }

    impl Products<'_> {
        fn input(column: usize) -> f32 {
            0.1 * column as f32 - 2.0
        }

        fn expected(&self, row: usize) -> f32 {
            let product = |column| f64::from(self.matrix[column * self.rows + row]) * f64::from(Self::input(column));
            (0.5 + (0..COLUMNS).map(product).sum::<f64>()) as f32
        }
    }

    impl Kernel for Products<'_> {
        type Output = [Vec<f32>; 2];

        fn run<I: Isa>(self, isa: I) -> Self::Output {
            let Self { matrix, rows } = self;
            let input: [f32; COLUMNS] = core::array::from_fn(Self::input);
            let (mut product, mut sum) = (std::vec![0.0; rows], std::vec![0.5; rows]);
            single::product(isa, matrix, Some(&std::vec![0.5; rows]), &input, &mut product);
            let affine = Affine { matrix, rows, first: 0, input: &input, bias: &[] };
            single::sum::<I, f32, true>(isa, affine, None, &mut sum);
            [product, sum]
        }
    }

    fn random(count: usize) -> Vec<f32> {
        let mut rng = rng(0);
        (0..count).map(|_| unit(&mut rng) as f32).collect()
    }

    #[test]
    fn any_number_of_rows_is_computed() {
        for rows in [64, 65, 84, 100, 119, 120, 121, 128, 200, 256, 300, 400] {
            let matrix = random(rows * COLUMNS);
            for (level, outputs) in at_each_level(|| Products { matrix: &matrix, rows }).iter().enumerate() {
                for (row, value) in outputs.iter().flat_map(|output| output.iter().enumerate()) {
                    let expected = Products { matrix: &matrix, rows }.expected(row);
                    assert!((value - expected).abs() < 1e-4 * expected.abs(), "{row} of {rows}, level {level}");
                }
            }
        }
    }

    /// What is there of two products, begun with either half.
    struct Both<'a>(Products<'a>);

    impl Kernel for Both<'_> {
        type Output = [Vec<f32>; 2];

        fn run<I: Isa>(self, isa: I) -> Self::Output {
            let Products { matrix, rows } = self.0;
            let input: [f32; COLUMNS] = core::array::from_fn(Products::input);
            let affine = Affine { matrix, rows, first: 0, input: &input, bias: &[] };
            let bias = std::vec![0.5; rows];
            [(); 2].map(|()| {
                let mut output = std::vec![0.0; rows];
                single::sum::<I, f32, false>(isa, Affine { bias: &bias, ..affine }, Some(affine), &mut output);
                output
            })
        }
    }

    #[test]
    fn the_bits_do_not_depend_on_which_half_of_the_columns_is_first() {
        for rows in [64, 100, 192, 256, 320] {
            let matrix = random(rows * COLUMNS);
            for [first, second] in at_each_level(|| Both(Products { matrix: &matrix, rows })) {
                assert!(first == second, "other bits of {rows} rows");
                for (row, value) in first.iter().enumerate() {
                    let expected = 2.0 * Products { matrix: &matrix, rows }.expected(row) - 0.5;
                    assert!(
                        (value - expected).abs() < 1e-4 * expected.abs(),
                        "{row} of {rows}: {value} is not {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_bits_do_not_depend_on_where_the_matrix_stands() {
        for rows in [120, 192, 256] {
            let mut memory = random(rows * COLUMNS);
            let first = at_each_level(|| Products { matrix: &memory, rows });
            for start in 1..16 {
                memory.insert(0, 0.0);
                assert!(
                    at_each_level(|| Products { matrix: &memory[start..], rows }) == first,
                    "other bits of {rows} rows when {start} values stand before it"
                );
            }
        }
    }
}
