//! `dropout(p = 0.5)`: in place, in training only. The backward pass draws the same mask again.

use quote::quote;

use super::{Argument, Calls, Context, Definition, Infer, Layer, Step};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "dropout",
    options: &[OptionSpec::new("p", Kind::Float { least: 0.0, most: 1.0 }, Unwritten::Float(0.5))],
    takes_indices: false,
    build,
};

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let p = context.options.float("p");
    let p = Argument::Option(quote!(#p));
    Ok(Layer {
        output: Some(context.input.clone()),
        calls: Calls {
            forward: Some(vec![p.clone(), Argument::Value, Argument::StagePass]),
            infer: Infer::Nothing,
            backward_input: Some(vec![p, Argument::Grad, Argument::StagePass]),
            step: Step::Each,
            ..Calls::default()
        },
        ..Layer::default()
    })
}
