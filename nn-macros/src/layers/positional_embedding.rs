//! `positional_embedding`: adds a trained vector to each step of `[steps, features]`, in place.

use super::{Argument, Calls, Context, Definition, Layer, Parameter, Step};
use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;

pub const DEFINITION: Definition =
    Definition { keyword: "positional_embedding", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [steps, features] = steps_and_features(context)?;
    Ok(Layer {
        output: Some(context.input.clone()),
        parameters: vec![Parameter::table("weight", features, steps)],
        passes_gradient: true,
        calls: Calls {
            init: Some(vec![Argument::Gradient("weight"), Argument::Rng]),
            forward: Some(vec![Argument::Parameter("weight"), Argument::Value]),
            backward_parameters: Some(vec![Argument::GradOutput, Argument::Gradient("weight")]),
            step: Step::Never("depends on where in the sequence a step stands"),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
