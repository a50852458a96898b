//! `last`: the last step of a sequence, `[steps, features]` to `[features]`.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer, Step};

pub const DEFINITION: Definition = Definition { keyword: "last", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [_, features] = steps_and_features(context)?;
    Ok(Layer {
        calls: Calls {
            forward: Some(vec![Argument::Input, Argument::Output]),
            backward_input: Some(vec![Argument::GradOutput, Argument::GradInput]),
            step: Step::Last,
            ..Calls::default()
        },
        ..Layer::new(context.output(vec![features])?)
    })
}
