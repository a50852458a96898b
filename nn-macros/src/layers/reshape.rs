//! `reshape([..])`: the same values in another shape. It writes no code.

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::shape::Shape;
use crate::model::spec::Layer;

const SHAPE: Key<Shape> = Key::shape("shape");

pub const DEFINITION: Definition =
    Definition { keyword: "reshape", options: &[SHAPE.required()], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (output, input) = (context.options.get(&SHAPE), context.input);
    if output.len() == input.len() {
        return Ok(Layer::new(output));
    }
    let error =
        format!("`reshape` to {output} does not keep the number of values of {input}, which is {}", input.len());
    Err(context.error_at(&SHAPE, error).help("the sizes of both shapes must multiply to the same number"))
}
