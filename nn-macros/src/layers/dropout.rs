//! `dropout(p = 0.5)`: in place, in training only. The backward pass draws the same mask again.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::spec::{Argument, Calls, Infer, Layer, Step};

const P: Key<f64> = Key::number_between("p", 0.0, 1.0);

pub const DEFINITION: Definition =
    Definition { keyword: "dropout", options: &[P.or(0.5)], takes_indices: false, build };

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let p = context.options.get(&P);
    let p = Argument::Option(quote!(#p));
    Ok(Layer {
        calls: Calls {
            forward: Some(vec![p.clone(), Argument::Value, Argument::StagePass]),
            infer: Infer::Nothing,
            backward_input: Some(vec![p, Argument::Grad, Argument::StagePass]),
            step: Step::Each,
            ..Calls::default()
        },
        ..Layer::new(context.input.clone())
    })
}
