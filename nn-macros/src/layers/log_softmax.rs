//! `log_softmax` over the last dimension, in place; its derivative is a function of its output.

use quote::quote;

use super::{Argument, Axis, Context, Definition, Layer, Step};
use crate::diagnostic::Diagnostic;

pub const DEFINITION: Definition = Definition { keyword: "log_softmax", options: &[], takes_indices: false, build };

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let features = context.input.sizes().last();
    let mut layer = Layer::in_place(context, &[Argument::Option(quote!(#features))], &[Argument::Output]);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
