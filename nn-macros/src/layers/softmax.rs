//! `softmax(dim = -1)` on any shape, in place; its derivative is a function of its output.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::dimension::{DIM, along};
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Layer};

pub const DEFINITION: Definition =
    Definition { keyword: "softmax", options: &[DIM.or(-1)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let along = along(context)?;
    along.check_several(
        context,
        "1",
        "for one probability end with `sigmoid`; for several classes let the stage before it make a value for each",
    )?;
    Ok(along.in_place(context, &[], &[Argument::Output]))
}
