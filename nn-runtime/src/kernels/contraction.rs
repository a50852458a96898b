//! The gradient of a matrix of factors: a sum over lanes.
//!
//! ```text
//! output[row][column] += Σ_lane rows(row)[lane] · columns(column)[lane]
//! sums[column]        += Σ_lane columns(column)[lane]
//! ```
//!
//! The columns are transposed, a block at a time, so that they become the lanes of a product and the lanes its terms.

mod few;
mod rows;

pub(crate) use rows::{Blocks, Rows, Spaced};

use super::panel::{Columns, NARROW, WIDE, add_columns, add_some};
use super::{Isa, Kernel, widest};
use crate::scalar::Scalar;

/// The most rows of a tile.
const MOST_ROWS: usize = 9;

/// The most sums that are computed as a part of a small network, with sizes known: of more, a call takes little of the time.
const MOST_IN_PLACE: usize = 512;

/// The operands of a contraction.
pub(crate) struct Contraction<'a, T, X> {
    /// The rows, and how many there are.
    pub(crate) rows: X,
    pub(crate) row_count: usize,
    /// The slice that the columns are in, how far they are apart, and how many there are.
    pub(crate) columns: &'a [T],
    pub(crate) column_distance: usize,
    pub(crate) column_count: usize,
    /// How far, in the columns, the lanes are apart from the next that are worked off at once.
    pub(crate) block_distance: usize,
    /// The number of lanes.
    pub(crate) lanes: usize,
}

/// The output of a contraction.
pub(crate) struct Sums<'a, T> {
    /// The slice that the output is in; columns are neighbours.
    pub(crate) values: &'a mut [T],
    /// How far neighbouring rows are apart.
    pub(crate) distance: usize,
    /// One sum for each column, or none.
    pub(crate) of_columns: &'a mut [T],
}

impl<T: Scalar, X: Rows<T>> Contraction<'_, T, X> {
    /// Adds to `output`, `TERMS` lanes at a time, and the sums of as many as fit `LANES` at once.
    #[inline(always)]
    pub(crate) fn run<I: Isa, const TERMS: usize, const LANES: usize>(&self, isa: I, output: &mut Sums<T>) {
        if const { I::IN_PLACE } && self.row_count * self.column_count <= MOST_IN_PLACE {
            self.add_all::<I, TERMS, LANES, NARROW>(isa, [0, self.column_count], output);
            return;
        }
        // tiles of two of the widest registers for as many columns as fill them: with one, loads take longer than what is computed
        let wide = if const { widest::<I, T>() == 32 } { self.column_count / WIDE * WIDE } else { 0 };
        if const { widest::<I, T>() == 32 } && wide > 0 {
            isa.call(Run::<T, X, TERMS, LANES, WIDE> { contraction: self, columns: [0, wide], output });
        }
        if wide < self.column_count {
            let columns = [wide, self.column_count];
            isa.call(Run::<T, X, TERMS, LANES, NARROW> { contraction: self, columns, output });
        }
    }

    /// Adds the sums of the columns from `first` to `end`, in blocks of `WIDTH`.
    #[inline(always)]
    fn add_all<I: Isa, const TERMS: usize, const LANES: usize, const WIDTH: usize>(
        &self,
        isa: I,
        [first, end]: [usize; 2],
        output: &mut Sums<T>,
    ) {
        let mut memory = [[T::ZERO; WIDTH]; LANES];
        let (panels, _) = memory.as_chunks_mut();
        let mut copies = [[T::ZERO; TERMS]; MOST_ROWS];
        let mut lane = 0;
        while lane < self.lanes {
            for column in (first..end).step_by(WIDTH) {
                let block = Block { lane, column, width: (end - column).min(WIDTH) };
                if const { I::FMA && TERMS >= 64 && LANES == TERMS && WIDTH == NARROW } && self.is_few::<TERMS>(block) {
                    self.add_few(isa, block, &mut copies, output);
                    continue;
                }
                let mut count = 0;
                for (panel, lane) in panels.iter_mut().zip((lane..self.lanes).step_by(TERMS.max(1))) {
                    let columns = self.columns::<TERMS>(Block { lane, ..block });
                    columns.transpose(isa, TERMS.min(self.lanes - lane), panel);
                    add_columns(isa, panel, block.width, output.of_columns.get_mut(block.column..).unwrap_or_default());
                    count += 1;
                }
                // a single panel is one that the compiler knows of: the sums stay in registers
                let panels = if const { LANES == TERMS } { &*panels } else { panels.get(..count).unwrap_or_default() };
                self.add(isa, block, panels, &mut copies, output);
            }
            lane += TERMS * panels.len();
        }
    }

    #[inline(always)]
    fn columns<const TERMS: usize>(&self, block: Block) -> Columns<'_, T> {
        let start = block.column * self.column_distance + block.lane / TERMS * self.block_distance;
        let values = self.columns.get(start..).unwrap_or_default();
        Columns { values, distance: self.column_distance, count: block.width }
    }

    /// Adds the sums of `block` to `output`.
    #[inline(always)]
    fn add<I: Isa, const TERMS: usize, const WIDTH: usize>(
        &self,
        isa: I,
        block: Block,
        panels: &[[[T; WIDTH]; TERMS]],
        copies: &mut [[T; TERMS]; MOST_ROWS],
        output: &mut Sums<T>,
    ) {
        if const { WIDTH == WIDE } {
            self.tiles::<I, TERMS, WIDTH, WIDE, 8, 1>(isa, block, panels, copies, output);
        } else if const { widest::<I, T>() == 32 } && block.width > 8 {
            self.tiles::<I, TERMS, WIDTH, 16, 8, 1>(isa, block, panels, copies, output);
        } else if const { widest::<I, T>() == 16 } && block.width > 8 {
            self.tiles::<I, TERMS, WIDTH, 16, 6, 1>(isa, block, panels, copies, output);
        } else if const { widest::<I, T>() >= 16 && T::LANES == 16 } {
            self.tiles::<I, TERMS, WIDTH, 8, 9, 2>(isa, block, panels, copies, output);
        } else if const { widest::<I, T>() >= 16 } {
            self.tiles::<I, TERMS, WIDTH, 8, 9, 1>(isa, block, panels, copies, output);
        } else if const { widest::<I, T>() == 8 && I::FMA } {
            self.tiles::<I, TERMS, WIDTH, 8, 6, 1>(isa, block, panels, copies, output);
        } else if const { widest::<I, T>() == 8 } {
            self.tiles::<I, TERMS, WIDTH, 8, 4, 1>(isa, block, panels, copies, output);
        } else {
            self.tiles::<I, TERMS, WIDTH, 4, 4, 1>(isa, block, panels, copies, output);
        }
    }

    #[inline(always)]
    fn tiles<I: Isa, const TERMS: usize, const WIDTH: usize, const L: usize, const R: usize, const U: usize>(
        &self,
        isa: I,
        block: Block,
        panels: &[[[T; WIDTH]; TERMS]],
        copies: &mut [[T; TERMS]; MOST_ROWS],
        output: &mut Sums<T>,
    ) {
        let rows = self.row_count;
        let mut done = 0;
        while done < rows {
            done = if rows >= R && rows - done > 4 {
                self.tile::<I, TERMS, WIDTH, L, R, 1>(isa, done, block, panels, copies, output)
            } else {
                self.tile::<I, TERMS, WIDTH, L, 4, U>(isa, done, block, panels, copies, output)
            };
        }
    }

    /// Adds the sums of `R` rows, or of those that are left, `done` of all being done; returns how many are done then.
    #[inline(always)]
    fn tile<I: Isa, const TERMS: usize, const WIDTH: usize, const L: usize, const R: usize, const U: usize>(
        &self,
        isa: I,
        done: usize,
        block: Block,
        panels: &[[[T; WIDTH]; TERMS]],
        copies: &mut [[T; TERMS]; MOST_ROWS],
        output: &mut Sums<T>,
    ) -> usize {
        let row = done.min(self.row_count.saturating_sub(R));
        let end = R.min(self.row_count - row);
        let mut column = 0;
        while column < block.width {
            let mut sums = [[T::ZERO; L]; R];
            for (i, panel) in panels.iter().enumerate() {
                let lane = block.lane + i * TERMS;
                let rows = copies.first_chunk_mut().and_then(|copies| self.rows.fetch(row, lane, copies));
                let Some(rows) = rows else { return row + R };
                sums = add_products::<I, T, TERMS, WIDTH, L, R, U>(isa, rows, panel, column / L, sums);
            }
            let width = block.width - column;
            let values = output.values.get_mut(row * output.distance + block.column + column..).unwrap_or_default();
            if width < L {
                // A copy: were the sums themselves borrowed, they would be summed in memory.
                let copy = sums;
                let values = values.get_mut((done - row) * output.distance..).unwrap_or_default();
                add_some(values, output.distance, width, copy.get(done - row..end).unwrap_or_default());
            } else {
                for (i, sums) in sums.iter().enumerate() {
                    let values = values.get_mut(i * output.distance..).unwrap_or_default();
                    if let Some(values) = values.first_chunk_mut()
                        && row + i >= done
                        && i < end
                    {
                        isa.add_scaled(T::ONE, sums, values);
                    }
                }
            }
            column += L;
        }
        row + R
    }
}

/// [`Contraction::add_all`], in a function of its own.
struct Run<'r, 'c, 's, T, X, const TERMS: usize, const LANES: usize, const WIDTH: usize> {
    contraction: &'r Contraction<'c, T, X>,
    columns: [usize; 2],
    output: &'r mut Sums<'s, T>,
}

impl<T: Scalar, X: Rows<T>, const TERMS: usize, const LANES: usize, const WIDTH: usize> Kernel
    for Run<'_, '_, '_, T, X, TERMS, LANES, WIDTH>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        self.contraction.add_all::<I, TERMS, LANES, WIDTH>(isa, self.columns, self.output);
    }
}

/// The lanes and columns that are worked off at once.
#[derive(Clone, Copy)]
struct Block {
    lane: usize,
    column: usize,
    width: usize,
}

/// `start` and the products of `rows` and the `chunk`th `L` columns of `panel`, summed over the lanes: `U` sums each, then one.
#[inline(always)]
fn add_products<
    I: Isa,
    T: Scalar,
    const TERMS: usize,
    const WIDTH: usize,
    const L: usize,
    const R: usize,
    const U: usize,
>(
    isa: I,
    rows: [&[T; TERMS]; R],
    panel: &[[T; WIDTH]; TERMS],
    chunk: usize,
    start: [[T; L]; R],
) -> [[T; L]; R] {
    let mut sums = [[[T::ZERO; L]; R]; U];
    sums[0] = start;
    let (blocks, rest) = panel.as_chunks::<U>();
    let mut term = 0;
    for lanes in blocks {
        for (sums, lanes) in sums.iter_mut().zip(lanes) {
            add_term(isa, rows, term, lanes, chunk, sums);
            term += 1;
        }
    }
    for (sums, lanes) in sums.iter_mut().zip(rest) {
        add_term(isa, rows, term, lanes, chunk, sums);
        term += 1;
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
fn add_term<I: Isa, T: Scalar, const TERMS: usize, const L: usize, const R: usize>(
    isa: I,
    rows: [&[T; TERMS]; R],
    term: usize,
    lanes: &[T],
    chunk: usize,
    sums: &mut [[T; L]; R],
) {
    let Some(lanes) = lanes.as_chunks::<L>().0.get(chunk) else { return };
    let lanes = *lanes;
    if cfg!(debug_assertions) {
        let (mut factors, mut i) = ([T::ZERO; R], 0);
        while i < R {
            factors[i] = rows[i][term];
            i += 1;
        }
        return isa.add_term(factors, &lanes, sums);
    }
    for (sums, row) in sums.iter_mut().zip(rows) {
        let Some(factor) = row.get(term) else { return };
        isa.add_scaled(*factor, &lanes, sums);
    }
}
