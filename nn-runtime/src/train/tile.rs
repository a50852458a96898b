//! Rows of samples into lanes.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::scalar::Element;

/// The edge of the square blocks that are transposed in registers.
const EDGE: usize = 4;

/// `tile[row][column] = rows[row][column]`: each column of the tile, a lane, gets one value of every row.
#[inline(always)]
pub(super) fn fill<I: Isa, E: Element, const BATCH: usize, const IN: usize>(
    isa: I,
    rows: &[&[E; IN]; BATCH],
    tile: &mut SMatrix<E, BATCH, IN>,
) {
    isa.call_in_place(Fill { rows, lanes: &mut tile.data.0 });
}

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
            fill(isa, self.0, &mut tile);
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
