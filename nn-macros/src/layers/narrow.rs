//! `narrow(dim, start, length)`: a part along a dimension.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Dimension, Key};
use crate::model::spec::{Argument, Calls, Layer, Step};

const DIM: Key<Dimension> = Key::dimension("dim");
const START: Key<Dimension> = Key::place("start");
const LENGTH: Key<usize> = Key::size("length");

pub const DEFINITION: Definition = Definition {
    keyword: "narrow",
    options: &[DIM.required(), START.required(), LENGTH.required()],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (sizes, length) = (context.input.sizes(), context.options.get(&LENGTH));
    let dim = context.dimension(&DIM)?;
    let (size, after) = (sizes[dim], sizes[dim + 1..].iter().product::<usize>());
    let Dimension(written) = context.options.get(&START);
    let Some(start) = Dimension(written).index(size) else {
        let error = format!(
            "`narrow` starts at {written} along dimension {dim}, but its input {} has {size} values there",
            context.input
        );
        return Err(context.error_at(&START, error).help(format!("`start` is from -{size} to {}", size - 1)));
    };
    let rest = size - start;
    if length > rest {
        let error = format!(
            "`narrow` takes {length} values from {start} on along dimension {dim}, but its input {} has {rest} left there",
            context.input
        );
        return Err(context.error_at(&LENGTH, error).help(format!("use a `length` of at most {rest}")));
    }
    let mut output = sizes.to_vec();
    output[dim] = length;
    if length == size {
        return Ok(Layer::new(context.output(output)?)); // a part that is the whole
    }
    let [first, block] = [start * after, size * after].map(|values| Argument::Option(quote!(#values)));
    Ok(Layer {
        calls: Calls {
            forward: Some(vec![first.clone(), block.clone(), Argument::Input, Argument::Output]),
            backward_input: Some(vec![first, block, Argument::GradOutput, Argument::GradInput]),
            step: Step::of_other_dimension(sizes.len(), dim, || vec![Argument::Option(quote!(#start))]),
            ..Calls::default()
        },
        ..Layer::new(context.output(output)?)
    })
}
