//! `last(length = ..)`: the last step of a sequence, `[steps, features]` to `[features]`.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::{LENGTH, TAKES_LENGTH, length, steps_and_features};
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer, Step};

pub const DEFINITION: Definition =
    Definition { keyword: "last", options: &[LENGTH.or_nothing()], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [steps, features] = steps_and_features(context)?;
    let (lengths, length) = length(context, &LENGTH, steps)?;
    let step = if length.is_some() { Step::Never(TAKES_LENGTH) } else { Step::Last };
    Ok(Layer {
        operands: length.into_iter().collect(),
        calls: Calls {
            forward: Some(vec![lengths.clone(), Argument::Input, Argument::Output]),
            backward_input: Some(vec![lengths, Argument::GradOutput, Argument::GradInput]),
            step,
            ..Calls::default()
        },
        ..Layer::new(context.output(vec![features])?)
    })
}
