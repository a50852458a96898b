//! `positional_encoding`: adds sines and cosines of the position to each step of `[steps, features]`, in place.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer, Step};

pub const DEFINITION: Definition =
    Definition { keyword: "positional_encoding", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [steps, features] = steps_and_features(context)?;
    let pairs = features.div_ceil(2);
    // two tables of about the same length
    let fine = steps.isqrt();
    let coarse = steps.div_ceil(fine);
    let positions = quote!(nn::positional_encoding::Positions::<#features, #pairs, #fine, #coarse>);
    Ok(Layer {
        passes_gradient: true,
        calls: Calls {
            forward: Some(vec![Argument::Option(positions), Argument::Value]),
            step: Step::Never("depends on where in the sequence a step stands"),
            ..Calls::default()
        },
        ..Layer::new(context.input.clone())
    })
}
