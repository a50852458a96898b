//! What a network says of itself.

use super::{LayerInfo, Row};
use crate::loss::needs::Fulfils;
use crate::scalar::Scalar;

/// What a network takes and makes, and its table of layers.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a network", note = "declare it with `network!`")]
pub trait Architecture {
    /// The floating-point type of the output; of a network that is trained, of parameters and gradients too.
    type Scalar: Scalar;
    /// The values of one sample.
    type Input: Row;
    /// What it makes of one sample.
    type Output: Row;
    /// What the output is, for the [needs](crate::loss::needs) of losses.
    type Ending: Fulfils<()>;

    /// The table of layers, frozen ones included.
    const LAYERS: &'static [LayerInfo];
    /// The input's shape.
    const INPUT_SHAPE: &'static [usize];
    /// The output's shape.
    const OUTPUT_SHAPE: &'static [usize];
    /// For index inputs: the number of rows of the embedding, which every index must be below.
    const INDEX_BOUND: Option<usize> = None;
}
