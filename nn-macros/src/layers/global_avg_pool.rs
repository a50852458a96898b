//! `global_avg_pool` on `[channels, length]` or `[channels, height, width]`, to `[channels]`.

use super::{Argument, Calls, Context, Definition, Layer};
use crate::diagnostic::Diagnostic;
use crate::families::pooling;

pub const DEFINITION: Definition = Definition { keyword: "global_avg_pool", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer {
        output: Some(pooling::global(context)?),
        multiply_adds: context.input.len() as u64,
        calls: Calls {
            forward: Some(vec![Argument::Input, Argument::Output]),
            backward_input: Some(vec![Argument::GradOutput, Argument::GradInput]),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
