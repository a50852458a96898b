//! `global_avg_pool` on `[channels, length]` or `[channels, height, width]`, to `[channels]`.

use super::{Argument, Calls, Context, Definition, Layer, Step};
use crate::diagnostic::Diagnostic;
use crate::layers::shared::pooling;

pub const DEFINITION: Definition = Definition { keyword: "global_avg_pool", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer {
        output: Some(pooling::global(context)?),
        multiply_adds: context.input.len() as u64,
        calls: Calls {
            forward: Some(vec![Argument::Input, Argument::Output]),
            backward_input: Some(vec![Argument::GradOutput, Argument::GradInput]),
            step: Step::Never("takes the mean over all steps"),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
