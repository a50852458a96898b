//! `batch_norm2d(eps = 1e-5, momentum = 0.1)` on `[channels, height, width]`.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{BATCH_OPTIONS, by_batch};
use crate::model::definition::{Context, Definition};
use crate::model::spec::Layer;

pub const DEFINITION: Definition =
    Definition { keyword: "batch_norm2d", options: BATCH_OPTIONS, takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    match *context.input.sizes() {
        [channels, _, _] => by_batch(context, channels),
        [_] | [_, _] => Err(context.wrong_shape("[channels, height, width]", 3, "use `batch_norm1d`")),
        _ => Err(context.wrong_shape(
            "[channels, height, width]",
            3,
            "let the stages before it make [channels, height, width]",
        )),
    }
}
