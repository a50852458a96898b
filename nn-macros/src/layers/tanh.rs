//! `tanh`, elementwise and in place; its derivative is a function of its output.

use super::{Argument, Context, Definition, Layer};
use crate::diagnostic::Diagnostic;

pub const DEFINITION: Definition = Definition { keyword: "tanh", options: &[], takes_indices: false, build };

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn build(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer::in_place(context, &[], &[Argument::Output]))
}
