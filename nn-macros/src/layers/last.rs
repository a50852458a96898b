//! `last`: the last step of a sequence, `[steps, features]` to `[features]`.

use super::{Argument, Calls, Context, Definition, Layer, Step};
use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;

pub const DEFINITION: Definition = Definition { keyword: "last", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [_, features] = steps_and_features(context)?;
    Ok(Layer {
        output: Some(context.output(vec![features])?),
        calls: Calls {
            forward: Some(vec![Argument::Input, Argument::Output]),
            backward_input: Some(vec![Argument::GradOutput, Argument::GradInput]),
            step: Step::Last,
            ..Calls::default()
        },
        ..Layer::default()
    })
}
