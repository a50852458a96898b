//! `permute([..])`: the dimensions in another order.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Dimension, Key};
use crate::model::spec::{Argument, Calls, Layer, Step};

const DIMS: Key<Vec<Dimension>> = Key::dimensions("dims");

pub const DEFINITION: Definition =
    Definition { keyword: "permute", options: &[DIMS.required()], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (sizes, dims) = (context.input.sizes(), context.options.get(&DIMS));
    let order: Option<Vec<usize>> = dims.iter().map(|dim| dim.index(sizes.len())).collect();
    let Some(order) =
        order.filter(|order| order.len() == sizes.len() && (0..sizes.len()).all(|dim| order.contains(&dim)))
    else {
        let dims: Vec<_> = dims.iter().map(|Dimension(dim)| *dim).collect();
        let error = format!(
            "`permute` takes each of the {} dimensions of its input {} once, but is given `{dims:?}`",
            sizes.len(),
            context.input
        );
        let reversed: Vec<_> = (0..sizes.len()).rev().collect();
        let help = format!("dimensions are counted from 0, without the batch, such as `permute({reversed:?})`");
        return Err(context.error_at(&DIMS, error).help(help));
    };
    let output = context.output(order.iter().map(|dim| sizes[*dim]).collect())?;
    let is_transposed = *order == [1, 0];
    if !is_transposed && order.iter().filter(|dim| sizes[**dim] > 1).is_sorted() {
        return Ok(Layer::new(output)); // the values stay where they are
    }
    let options = [quote!([#(#sizes),*]), quote!([#(#order),*])].map(Argument::Option);
    let with_options = |rest: &[Argument]| Some([&options, rest].concat());
    Ok(Layer {
        calls: Calls {
            forward: with_options(&[Argument::Input, Argument::Output]),
            backward_input: with_options(&[Argument::GradOutput, Argument::GradInput]),
            step: if is_transposed { Step::Transpose } else { Step::default() },
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}
