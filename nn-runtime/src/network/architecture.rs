//! The types, the shapes and the layers of a network.

use bytemuck::Zeroable;

use super::ending::{EndsWith, Fulfils};
use super::{LayerInfo, Row};
use crate::scalar::Scalar;

/// The types of a network's samples, its shapes, and its table of layers.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a network", note = "declare it with `network!`")]
pub trait Architecture {
    /// The floating-point type of the output; for a network that is trained also of parameters and gradients.
    type Scalar: Scalar;
    /// The values of one sample.
    type Input: Row;
    /// The values of one output.
    type Output: Row;
    /// What the output is, for the [needs](crate::loss::needs) of losses.
    type Ending: Fulfils<()> + EndsWith;
    /// Everything that a pass in evaluation mode writes, for tiles of `BATCH` rows.
    type Scratch<const BATCH: usize>: Zeroable;

    /// The table of layers, frozen ones included.
    const LAYERS: &'static [LayerInfo];
    /// The input's shape.
    const INPUT_SHAPE: &'static [usize];
    /// The output's shape.
    const OUTPUT_SHAPE: &'static [usize];
    /// For index inputs: the number of rows of the embedding, which every index must be below.
    const INDEX_BOUND: Option<usize> = None;
}
