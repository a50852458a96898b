//! `pad([..], mode = constant, value = 0.0)`: more values before and after those along the last dimensions.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, Word};
use crate::model::spec::{Argument, Calls, Layer, Step};

const PAD: Key<Vec<[usize; 2]>> = Key::sides("pad");
const MODE: Key<Word> = Key::word("mode", &["constant", "reflect", "replicate"]);
const VALUE: Key<f64> = Key::number("value");

pub const DEFINITION: Definition = Definition {
    keyword: "pad",
    options: &[PAD.required(), MODE.or("constant"), VALUE.or(0.0)],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let (sizes, mode, value) = (context.input.sizes(), context.options.get(&MODE), context.options.get(&VALUE));
    let is_constant = mode.text() == "constant";
    if !is_constant && context.options.is_given(&VALUE) {
        let error =
            format!("`pad` has a `value`, but its mode is `{}`, which takes the values of the input", mode.text());
        return Err(context.error_at(&VALUE, error).help("remove `value`, or write `mode = constant`"));
    }
    let around = sides(context)?;
    if mode.text() == "reflect" {
        check_reflected(context, &around)?;
    }
    let padded = |(size, [before, after]): (&usize, &[usize; 2])| size.saturating_add(*before).saturating_add(*after);
    let output = context.output(sizes.iter().zip(&around).map(padded).collect())?;
    let padded: Vec<usize> = (0..sizes.len()).filter(|dim| around[*dim] != [0, 0]).collect();
    if padded.is_empty() {
        return Ok(Layer::new(output)); // the values are the same
    }
    let mode = if is_constant {
        quote!(nn::pad::Mode::Constant(#value))
    } else {
        let mode = mode.variant();
        quote!(nn::pad::Mode::#mode)
    };
    let geometry = |dims: std::ops::RangeInclusive<usize>| {
        let (sizes, pairs) = (&sizes[dims.clone()], &around[dims]);
        let pairs = pairs.iter().map(|[before, after]| quote!([#before, #after]));
        [mode.clone(), quote!([#(#sizes),*]), quote!([#(#pairs),*])].map(Argument::Option).to_vec()
    };
    let options = geometry(0..=sizes.len() - 1);
    let with_options = |rest: &[Argument]| Some([&options[..], rest].concat());
    let step = match *padded {
        [dim] => Step::of_other_dimension(sizes.len(), dim, || geometry(dim..=dim)),
        _ => Step::Never("adds steps to the sequence"),
    };
    Ok(Layer {
        calls: Calls {
            forward: with_options(&[Argument::Input, Argument::Output]),
            backward_input: with_options(&[Argument::GradOutput, Argument::GradInput]),
            step,
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}

/// What is added before and after, for each dimension of the input.
fn sides(context: &Context) -> Result<Vec<[usize; 2]>, Diagnostic> {
    let (given, input) = (context.options.get(&PAD), context.input);
    let Some(before) = input.sizes().len().checked_sub(given.len()) else {
        let error =
            format!("`pad` is given {} dimensions, but its input {input} has {}", given.len(), input.sizes().len());
        return Err(context
            .error_at(&PAD, error)
            .help("give before and after for the last dimensions, in their order"));
    };
    Ok([vec![[0, 0]; before], given].concat())
}

/// Whether as many values can be reflected: the one at the end is not repeated.
fn check_reflected(context: &Context, sides: &[[usize; 2]]) -> Result<(), Diagnostic> {
    for (dim, (size, sides)) in context.input.sizes().iter().zip(sides).enumerate() {
        if let Some(side) = sides.iter().find(|side| **side >= *size) {
            let error = format!(
                "`pad` reflects {side} values along dimension {dim}, but its input {} has {size} there, and the one at the end is not repeated",
                context.input
            );
            return Err(context
                .error_at(&PAD, error)
                .help(format!("add at most {}, or write `mode = replicate`", size - 1)));
        }
    }
    Ok(())
}
