//! Blocks of rows of a matrix that does not fit in the first-level cache, times a single vector: what counts is how it is read,
//! in whole lines of the cache.

#[cfg(test)]
mod tests;

use super::single::{Affine, Sum, add};
use super::{Isa, Kernel, widest};
use crate::scalar::Scalar;

/// How many values a matrix has at least that is read so: 32 kB and more come from the second-level cache.
const LARGE: usize = 1 << 13;

/// How many rows the blocks have together: as many as are a multiple of it.
pub(super) const ROWS: usize = 64;

/// How many rows at most are not in blocks, but all in one pass: as many as there are narrow registers, but for one.
const ONE_PASS: usize = 15 * 8;

/// Computes the first rows of a large matrix's product, or adds it to what `is_added` to, and returns how many are done: all, a
/// multiple of [`ROWS`] or 0. Only of `TWO` products the other one counts.
#[inline(always)]
pub(super) fn blocks<I: Isa, T: Scalar, const TWO: bool>(
    isa: I,
    sum: Sum<T>,
    is_added: bool,
    output: &mut [T],
) -> usize {
    let rows = output.len();
    let in_blocks = rows / ROWS * ROWS;
    if in_blocks == 0 || sum.one.matrix.len() + sum.other.map_or(0, |other| other.matrix.len()) < LARGE {
        return 0;
    }
    let work = Work::<T, TWO> { sum, is_added, second_first: TWO && second_is_cached() };
    if const { !TWO } && in_blocks < rows && rows <= ONE_PASS {
        isa.call(Pass::<T, 8, 0, 8, 7, TWO> { work, starts: [0, 0, rows - 7 * 8], output });
        return rows;
    }
    let output = output.get_mut(..in_blocks).unwrap_or_default();
    let kernel = FirstRows(work, output);
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

/// What is to be computed.
#[derive(Clone, Copy)]
struct Work<'a, T, const TWO: bool> {
    sum: Sum<'a, T>,
    /// Whether to what is in the output, instead of a bias.
    is_added: bool,
    second_first: bool,
}

struct FirstRows<'s, 'o, T, const TWO: bool>(Work<'s, T, TWO>, &'o mut [T]);

impl<T: Scalar, const TWO: bool> Kernel for FirstRows<'_, '_, T, TWO> {
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

impl<T: Scalar, const TWO: bool> FirstRows<'_, '_, T, TWO> {
    /// The sums are added up in the same order wherever the matrix stands in memory and however wide the registers are.
    ///
    /// Chunks begin at a multiple of `L` in memory where they can, but for the first of all and the last of all, which
    /// overlap with their neighbours: a load of 64 bytes that begins elsewhere takes from two lines of the cache, and 128x784
    /// took 1.8 times as long, now 1.2.
    #[inline(always)]
    fn run_by<I: Isa, const L: usize>(self, isa: I) {
        let Self(work, output) = self;
        let (shift, rows) = (shift::<T, L>(work.sum), output.len());
        let mut row = 0;
        if shift == 0 {
            while const { L == 16 } && rows - row >= 16 * L {
                isa.call(Pass::<T, L, 0, 16, 0, TWO> { work, starts: [row; 3], output });
                row += 16 * L;
            }
            while rows - row >= 8 * L {
                isa.call(Pass::<T, L, 0, 8, 0, TWO> { work, starts: [row; 3], output });
                row += 8 * L;
            }
            if const { 8 * L > ROWS } && row < rows {
                isa.call(Pass::<T, L, 0, 4, 0, TWO> { work, starts: [row; 3], output });
            }
            return;
        }
        while row < rows {
            let body = if row == 0 { shift } else { row };
            if rows - row > 7 * L {
                let tail = (body + 7 * L).min(rows - L);
                isa.call(Pass::<T, L, 1, 7, 1, TWO> { work, starts: [row, body, tail], output });
                row = tail + L;
            } else {
                // of wide registers alone
                if const { 8 * L > ROWS } {
                    isa.call(Pass::<T, L, 1, 3, 1, TWO> { work, starts: [row, body, rows - L], output });
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
struct Pass<'s, 'o, T, const L: usize, const HEAD: usize, const BODY: usize, const TAIL: usize, const TWO: bool> {
    work: Work<'s, T, TWO>,
    /// The first row of each run.
    starts: [usize; 3],
    output: &'o mut [T],
}

impl<T: Scalar, const L: usize, const HEAD: usize, const BODY: usize, const TAIL: usize, const TWO: bool> Kernel
    for Pass<'_, '_, T, L, HEAD, BODY, TAIL, TWO>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { work: Work { sum: Sum { one, other }, is_added, second_first }, starts, output } = self;
        let mut sums = Runs::<T, L, HEAD, BODY, TAIL>::zeros();
        let bias = if is_added { &*output } else { one.bias.get(one.first..).unwrap_or_default() };
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
fn write<T: Scalar, const L: usize, const N: usize>(sums: [[T; L]; N], row: usize, output: &mut [T]) {
    if let Some(output) = output.get_mut(row..).and_then(|output| output.as_chunks_mut().0.first_chunk_mut()) {
        *output = sums;
    }
}
