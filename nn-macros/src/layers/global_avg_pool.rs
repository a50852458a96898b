//! `global_avg_pool` on `[channels, length]` or `[channels, height, width]`, to `[channels]`.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::pooling;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer, Step};

pub const DEFINITION: Definition = Definition { keyword: "global_avg_pool", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer {
        multiply_adds: context.input.len() as u64,
        calls: Calls {
            forward: Some(vec![Argument::Input, Argument::Output]),
            backward_input: Some(vec![Argument::GradOutput, Argument::GradInput]),
            step: Step::Never("takes the mean over all steps"),
            ..Calls::default()
        },
        ..Layer::new(pooling::global(context)?)
    })
}
