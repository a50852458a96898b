//! The types, the shapes and the layers of a network.

use bytemuck::Zeroable;

use super::ending::{EndsWith, Fulfils};
use super::{LayerInfo, OutputRow, Port, Row};
use crate::scalar::Scalar;

/// The types of a network's samples, its shapes, and its table of layers.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a network", note = "declare it with `network!`")]
pub trait Architecture {
    /// The floating-point type of the output; for a network that is trained also of parameters and gradients.
    type Scalar: Scalar;
    /// The values of one sample.
    type Input: Row;
    /// The values of one output.
    type Output: OutputRow;
    /// What the output is, for the [needs](crate::loss::needs) of losses.
    type Ending: Fulfils<()> + EndsWith;
    /// Everything that a pass in evaluation mode writes, for tiles of `BATCH` rows.
    type Scratch<const BATCH: usize>: Zeroable + Send;

    /// The table of layers, frozen ones included.
    const LAYERS: &'static [LayerInfo];
    /// The inputs: one without a name, or several.
    const INPUTS: &'static [Port];
    /// The outputs: one without a name, or several.
    const OUTPUTS: &'static [Port];
}
