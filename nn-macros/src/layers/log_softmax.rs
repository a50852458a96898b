//! `log_softmax` over the last dimension, in place; its derivative is a function of its output.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Axis, Layer, Step};

pub const DEFINITION: Definition = Definition { keyword: "log_softmax", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    context.check_several(context.input.last(), "0", "for one of two classes leave it out, and train with `BceWithLogits`; for several classes let the stage before it make a value for each")?;
    let features = context.input.last();
    let mut layer = Layer::in_place(context.input, &[Argument::Option(quote!(#features))], &[Argument::Output]);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
