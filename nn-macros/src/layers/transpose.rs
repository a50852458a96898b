//! `transpose`: swaps the last two dimensions.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer, Step};

pub const DEFINITION: Definition = Definition { keyword: "transpose", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [before @ .., rows, columns] = context.input.sizes() else {
        return Err(context.wrong_shape("at least two dimensions", 2, "there is nothing to swap: remove it"));
    };
    let size = Argument::Option(quote!([#rows, #columns]));
    Ok(Layer {
        calls: Calls {
            forward: Some(vec![size.clone(), Argument::Input, Argument::Output]),
            backward_input: Some(vec![size, Argument::GradOutput, Argument::GradInput]),
            step: if before.is_empty() { Step::Transpose } else { Step::default() },
            ..Calls::default()
        },
        ..Layer::new(context.output([before, &[*columns, *rows]].concat())?)
    })
}
