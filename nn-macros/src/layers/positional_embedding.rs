//! `positional_embedding`: adds a trained vector to each step of `[steps, features]`, in place.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer, Parameter, Step};

pub const DEFINITION: Definition =
    Definition { keyword: "positional_embedding", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [steps, features] = steps_and_features(context)?;
    Ok(Layer {
        parameters: vec![Parameter::table("weight", features, steps)],
        passes_gradient: true,
        calls: Calls {
            init: Some(vec![Argument::Gradient("weight"), Argument::Rng]),
            forward: Some(vec![Argument::Parameter("weight"), Argument::Value]),
            backward_parameters: Some(vec![Argument::GradOutput, Argument::Gradient("weight")]),
            step: Step::Never("depends on where in the sequence a step stands"),
            ..Calls::default()
        },
        ..Layer::new(context.input.clone())
    })
}
