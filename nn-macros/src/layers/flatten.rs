//! `flatten`: the same values as one vector. It writes no code.

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::spec::Layer;

pub const DEFINITION: Definition = Definition { keyword: "flatten", options: &[], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer::new(context.output(vec![context.input.len()])?))
}
