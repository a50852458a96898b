//! `glu(dim = -1)` on any shape: the first half along a dimension, times the sigmoid of the second half.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::dimension::{DIM, along};
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Calls, Layer};

pub const DEFINITION: Definition = Definition { keyword: "glu", options: &[DIM.or(-1)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    use Argument::{GradOutput, Input, InputThenGrad, Option, Output};
    let along = along(context)?;
    let (size, input) = (along.size, context.input);
    if !size.is_multiple_of(2) {
        let dim = context.options.get(&DIM).0;
        let error = format!("`glu` takes the halves of dimension {dim}, but its size in {input} is odd: {size}");
        let help = format!("let the stage before it make an even number of values there, such as {}", size + 1);
        return Err(context.error_at(&DIM, error).help(help));
    }
    let half = |stride: usize| {
        let half = size / 2 * stride;
        Option(quote!(#half))
    };
    let mut sizes = input.sizes().to_vec();
    sizes[along.index] = size / 2;
    Ok(Layer {
        calls: Calls {
            forward: Some(vec![half(along.stride), Input, Output]),
            backward_input: Some(vec![half(along.stride), GradOutput, InputThenGrad]),
            step: along.step(context, |stride| vec![half(stride), Input, Output]),
            ..Calls::default()
        },
        ..Layer::new(context.output(sizes)?)
    })
}
