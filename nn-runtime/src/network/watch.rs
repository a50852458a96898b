//! Which stage computed a value: what passes report, and the names of stages.

use core::fmt;

use nalgebra::SMatrix;

use super::{Architecture, LayerInfo};
use crate::kernels::{Isa, NotFinite};
use crate::scalar::Scalar;

/// A stage of a network, for errors: written with its name and its keyword, as in "`block.act` (`exp`)".
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct StageName {
    layers: &'static [LayerInfo],
    /// The number of its row, where the rows of a network inside follow that of its stage.
    number: usize,
}

impl StageName {
    pub(crate) const fn new(layers: &'static [LayerInfo], number: usize) -> Self {
        Self { layers, number }
    }

    /// Its row in the table of layers; of a stage of a network inside, its row in the table of that one.
    #[must_use]
    pub fn row(&self) -> Option<&'static LayerInfo> {
        self.rows().last()
    }

    /// The keyword of its layer, or the type of a layer that is none of the library's.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        self.row().map_or("", |row| row.keyword)
    }

    /// The row of the stage, behind those of the networks that it is inside of.
    fn rows(&self) -> impl Iterator<Item = &'static LayerInfo> {
        let &Self { layers, number } = self;
        let mut inside = Some((layers, number));
        core::iter::from_fn(move || {
            let (layers, mut number) = inside.take()?;
            layers.iter().find(|row| {
                let rows = 1 + count(row.inner);
                let is_found = number < rows;
                if is_found {
                    inside = number.checked_sub(1).map(|number| (row.inner, number));
                } else {
                    number -= rows;
                }
                is_found
            })
        })
    }
}

impl fmt::Display for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.rows().map(|row| row.name).filter(|name| !name.is_empty());
        for (i, name) in names.enumerate() {
            f.write_str(if i == 0 { "`" } else { "." })?;
            f.write_str(name)?;
        }
        write!(f, "` (`{}`)", self.keyword())
    }
}

impl fmt::Debug for StageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// How many rows some rows have, with those of the networks inside.
fn count(layers: &[LayerInfo]) -> usize {
    layers.iter().map(|row| 1 + count(row.inner)).sum()
}

/// The number of the stage in a row of a table.
#[cold]
fn number(layers: &[LayerInfo], row: usize) -> usize {
    count(layers.get(..row).unwrap_or_default())
}

/// Reports what the stage in a row of a network's table computed. It costs nothing in a pass that nobody watches.
#[inline(always)]
pub fn watch<I: Isa, N: Architecture, T: Scalar, const BATCH: usize, const LEN: usize>(
    isa: I,
    _network: &N,
    row: usize,
    output: &SMatrix<T, BATCH, LEN>,
) {
    isa.watch(|rows| {
        let (row_of_tile, value) = find_not_finite(output.as_slice(), BATCH, rows)?;
        Some(NotFinite { stage: number(N::LAYERS, row), row: row_of_tile, value })
    });
}

/// The level of a network that is the stage in a row of a network's table.
#[inline(always)]
pub fn inside<I: Isa, N: Architecture>(isa: I, _network: &N, row: usize) -> I {
    isa.inside(|| number(N::LAYERS, row) + 1)
}

/// The first value that is NaN or infinite in the first `rows` of a tile's rows: its row, and itself.
#[cold]
#[inline(never)]
fn find_not_finite<T: Scalar>(values: &[T], batch: usize, rows: usize) -> Option<(usize, f64)> {
    (0..rows).find_map(|row| {
        let mut of_row = values.iter().skip(row).step_by(batch.max(1)).map(|value| value.to_f64());
        of_row.find(|value| !value.is_finite()).map(|value| (row, value))
    })
}
