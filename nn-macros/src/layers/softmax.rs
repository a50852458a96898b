//! `softmax` over the last dimension, in place; its derivative is a function of its output.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Axis, Layer, Step};

pub const DEFINITION: Definition = Definition { keyword: "softmax", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    context.check_several(
        context.input.last(),
        "1",
        "for one probability end with `sigmoid`; for several classes let the stage before it make a value for each",
    )?;
    let features = context.input.last();
    let mut layer = Layer::in_place(context.input, &[Argument::Option(quote!(#features))], &[Argument::Output]);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
