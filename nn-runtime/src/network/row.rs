//! A sample, and tiles of samples.

use core::fmt::Debug;

use bytemuck::Zeroable;
use nalgebra::{SMatrix, SVector};

use super::{IndexError, Port, Sample, Samples};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Element;
use crate::train::{Evaluation, Report};

/// The values of one sample: `[f32; 784]`.
///
/// A [tile](Self::Tile) has the values of `BATCH` samples; networks work on tiles.
pub trait Row: Sample<Self> + Samples<Self> + Zeroable + Copy + PartialEq + Debug + Send + Sync + 'static {
    /// `BATCH` samples: a matrix with a row for each sample and a column for each value.
    type Tile<const BATCH: usize>: Zeroable + Send + Sync;
    /// The row as the method `predict` of a network returns it: a nalgebra vector.
    type Vector: Zeroable;
    /// What a function returns that takes a row and makes a `Made` of it: for indices, which can be out of range, a `Result`, for
    /// numbers the `Made` itself.
    type Checked<Made>;

    /// Runs `make`, after checking that every index of some rows is below the bound of its input.
    fn checked<Made>(rows: &[Self], inputs: &[Port], make: impl FnOnce() -> Made) -> Self::Checked<Made>;

    /// The row that a vector is.
    fn of_vector(vector: &mut Self::Vector) -> &mut Self;

    /// Does `work` on a tile of this row alone.
    fn with_tile<R>(&self, work: impl FnOnce(&Self::Tile<1>) -> R) -> R;

    /// The same, for `work` that changes the row.
    fn with_tile_mut<R>(&mut self, work: impl FnOnce(&mut Self::Tile<1>) -> R) -> R;

    /// Overwrites a tile with rows.
    fn fill<I: Isa, const BATCH: usize>(isa: I, rows: &[&Self; BATCH], tile: &mut Self::Tile<BATCH>);

    /// Overwrites a tile with another.
    fn copy_tile<const BATCH: usize>(from: &Self::Tile<BATCH>, to: &mut Self::Tile<BATCH>);

    /// Overwrites this row with that of number `row` in a tile.
    fn copy_from_tile<const BATCH: usize>(&mut self, tile: &Self::Tile<BATCH>, row: usize);

    /// The number of values.
    const LEN: usize;

    /// Overwrites a tile with zeros, but for 1 at one position of each row.
    fn fill_one_hot<const BATCH: usize>(tile: &mut Self::Tile<BATCH>, position: usize);

    /// The first of a tile's first `rows` rows that has a NaN, and the position of the NaN in it.
    fn find_nan<I: Isa, const BATCH: usize>(isa: I, tile: &Self::Tile<BATCH>, rows: usize) -> Option<(usize, usize)>;

    /// The first value of some rows that is NaN or infinite: its row, its position there, and itself.
    fn find_not_finite(rows: &[Self]) -> Option<(usize, usize, f64)>;

    /// Checks every index of some rows.
    ///
    /// # Errors
    /// The first index that is not below the bound of its input, and its row.
    fn check_indices(rows: &[Self], inputs: &[Port]) -> Result<(), (usize, IndexError)>;
}

/// What a network makes of one sample: the values of one output, or of several.
pub trait OutputRow: Row {
    /// A value for each output: `[V; 1]`, or `[V; 2]` of two.
    type Each<V: Copy + Zeroable + Send + Sync>: AsRef<[V]> + AsMut<[V]> + Copy + Zeroable + Send + Sync;
    /// What is reported of each output: `()` of a single one.
    type Report: Report;

    /// What is reported, by what is known of each output.
    fn report(part: impl Fn(usize) -> Evaluation) -> Self::Report;
}

impl<E: Element, const N: usize> OutputRow for [E; N] {
    type Each<V: Copy + Zeroable + Send + Sync> = [V; 1];
    type Report = ();

    #[inline(always)]
    fn report(_part: impl Fn(usize) -> Evaluation) {}
}

/// The tile of `BATCH` rows.
pub type Tile<R, const BATCH: usize> = <R as Row>::Tile<BATCH>;

impl<E: Element, const N: usize> Row for [E; N] {
    type Tile<const BATCH: usize> = SMatrix<E, BATCH, N>;
    type Vector = SVector<E, N>;
    type Checked<Made> = E::Checked<Made>;

    #[inline(always)]
    fn checked<Made>(rows: &[Self], inputs: &[Port], make: impl FnOnce() -> Made) -> Self::Checked<Made> {
        E::checked(rows, inputs.first(), make)
    }

    #[inline(always)]
    fn of_vector(vector: &mut SVector<E, N>) -> &mut Self {
        bytemuck::cast_mut(vector)
    }

    #[inline(always)]
    fn with_tile<R>(&self, work: impl FnOnce(&SMatrix<E, 1, N>) -> R) -> R {
        work(bytemuck::cast_ref(self))
    }

    #[inline(always)]
    fn with_tile_mut<R>(&mut self, work: impl FnOnce(&mut SMatrix<E, 1, N>) -> R) -> R {
        work(bytemuck::cast_mut(self))
    }

    #[inline(always)]
    fn fill<I: Isa, const BATCH: usize>(isa: I, rows: &[&Self; BATCH], tile: &mut SMatrix<E, BATCH, N>) {
        isa.call_in_place(Fill { rows, lanes: &mut tile.data.0 });
    }

    #[inline(always)]
    fn copy_tile<const BATCH: usize>(from: &SMatrix<E, BATCH, N>, to: &mut SMatrix<E, BATCH, N>) {
        to.data.0.copy_from_slice(&from.data.0);
    }

    #[inline(always)]
    fn copy_from_tile<const BATCH: usize>(&mut self, tile: &SMatrix<E, BATCH, N>, row: usize) {
        if const { BATCH == 1 } {
            return self.copy_from_slice(tile.as_slice());
        }
        for (value, lane) in self.iter_mut().zip(&tile.data.0) {
            *value = lane.get(row).copied().unwrap_or_default();
        }
    }

    const LEN: usize = N;

    fn fill_one_hot<const BATCH: usize>(tile: &mut SMatrix<E, BATCH, N>, position: usize) {
        tile.as_mut_slice().fill(E::default());
        if let Some(lane) = tile.data.0.get_mut(position) {
            lane.fill(E::one());
        }
    }

    #[inline(always)]
    fn find_nan<I: Isa, const BATCH: usize>(
        isa: I,
        tile: &SMatrix<E, BATCH, N>,
        rows: usize,
    ) -> Option<(usize, usize)> {
        if E::are_finite(isa, tile.as_slice()) { None } else { find_nan(&tile.data.0, rows) }
    }

    #[inline(always)]
    fn find_not_finite(rows: &[Self]) -> Option<(usize, usize, f64)> {
        let (position, value) = E::find_not_finite(rows.as_flattened())?;
        Some((position / N.max(1), position % N.max(1), value))
    }

    #[inline(always)]
    fn check_indices(rows: &[Self], inputs: &[Port]) -> Result<(), (usize, IndexError)> {
        IndexError::check(rows, inputs.first())
    }
}

/// The first of the first `rows` rows that has a NaN, and the position of the NaN in it.
#[cold]
#[inline(never)]
#[allow(clippy::eq_op, reason = "only NaN differs from itself")]
fn find_nan<E: Element, const BATCH: usize>(lanes: &[[E; BATCH]], rows: usize) -> Option<(usize, usize)> {
    let is_nan = |row: usize, lane: &[E; BATCH]| lane.get(row).is_some_and(|value| value != value);
    (0..rows).find_map(|row| Some((row, lanes.iter().position(|lane| is_nan(row, lane))?)))
}

/// The edge of the square blocks that are transposed in registers.
const EDGE: usize = 4;

/// `lanes[column][row] = rows[row][column]`: each column of the tile, a lane, gets one value of every row.
struct Fill<'a, E, const BATCH: usize, const IN: usize> {
    rows: &'a [&'a [E; IN]; BATCH],
    lanes: &'a mut [[E; BATCH]; IN],
}

impl<E: Element, const BATCH: usize, const IN: usize> Kernel for Fill<'_, E, BATCH, IN> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        if const { I::FMA } {
            for (block, lanes) in self.lanes.chunks_mut(EDGE).enumerate() {
                fill_block(isa, self.rows, block * EDGE, lanes);
            }
            return;
        }
        // where registers are narrower, shuffling blocks is slower than gathering lanes
        for (column, lane) in self.lanes.iter_mut().enumerate() {
            for (value, row) in lane.iter_mut().zip(self.rows) {
                *value = row.get(column).copied().unwrap_or_default();
            }
        }
    }
}

/// At most `EDGE` columns, from column `first` on. The values of a lane are stored at once, `EDGE` of them: what reads it as
/// a vector would else wait for each.
#[inline(always)]
fn fill_block<I: Isa, E: Element, const BATCH: usize, const IN: usize>(
    isa: I,
    rows: &[&[E; IN]; BATCH],
    first: usize,
    lanes: &mut [[E; BATCH]],
) {
    let columns_of = |row: &[E; IN]| -> [E; EDGE] {
        let values = row.get(first..).unwrap_or_default();
        let whole = values.first_chunk().copied();
        whole.unwrap_or_else(|| core::array::from_fn(|column| values.get(column).copied().unwrap_or_default()))
    };
    let (groups, rest) = rows.as_chunks::<EDGE>();
    for (group, rows) in groups.iter().enumerate() {
        for (lane, column) in lanes.iter_mut().zip(isa.transpose(rows.map(columns_of))) {
            if let Some(place) = lane.get_mut(group * EDGE..).and_then(<[E]>::first_chunk_mut) {
                *place = column;
            }
        }
    }
    for (row, place) in rest.iter().zip(groups.len() * EDGE..) {
        for (lane, value) in lanes.iter_mut().zip(columns_of(row)) {
            if let Some(place) = lane.get_mut(place) {
                *place = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    struct Filled<'a, const BATCH: usize, const IN: usize>(&'a [&'a [f32; IN]; BATCH]);

    impl<const BATCH: usize, const IN: usize> Kernel for Filled<'_, BATCH, IN> {
        type Output = SMatrix<f32, BATCH, IN>;

        fn run<I: Isa>(self, isa: I) -> Self::Output {
            let mut tile = SMatrix::zeros();
            Row::fill(isa, self.0, &mut tile);
            tile
        }
    }

    fn check<const BATCH: usize, const IN: usize>() {
        let rows: [[f32; IN]; BATCH] =
            core::array::from_fn(|row| core::array::from_fn(|column| (100 * row + column) as f32));
        let expected = SMatrix::<_, BATCH, IN>::from_fn(|row, column| (100 * row + column) as f32);
        let rows = rows.each_ref();
        assert_eq!(Filled(&rows).run(Portable), expected);
        assert_eq!(dispatch(Filled(&rows)), expected);
    }

    #[test]
    fn every_value_finds_its_place() {
        check::<1, 1>();
        check::<1, 17>();
        check::<3, 5>();
        check::<8, 8>();
        check::<13, 20>();
        check::<32, 64>();
    }
}
