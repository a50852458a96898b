//! `batch_norm1d(eps = 1e-5, momentum = 0.1)` on `[channels]` or `[channels, length]`.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{BATCH_OPTIONS, by_batch};
use crate::model::definition::{Context, Definition};
use crate::model::spec::Layer;

pub const DEFINITION: Definition =
    Definition { keyword: "batch_norm1d", options: BATCH_OPTIONS, takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    match *context.input.sizes() {
        [channels] | [channels, _] => by_batch(context, channels),
        [_, _, _] => Err(context.wrong_shape("[channels] or [channels, length]", 2, "use `batch_norm2d`")),
        _ => Err(context.wrong_shape("[channels] or [channels, length]", 2, "add `flatten` before this layer")),
    }
}
