//! `flatten`: the same values as one vector. It writes no code.

use super::{Context, Definition, Layer};
use crate::diagnostic::Diagnostic;

pub const DEFINITION: Definition = Definition { keyword: "flatten", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer { output: Some(context.output(vec![context.input.len()])?), ..Layer::default() })
}
