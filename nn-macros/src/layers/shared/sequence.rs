//! What the layers on sequences share.

use proc_macro2::Ident;
use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::builder::Value;
use crate::model::definition::Context;
use crate::model::options::Key;
use crate::model::spec::{Argument, Operand};

/// The steps of a sequence that are no padding.
pub const LENGTH: Key<Ident> = Key::value("length");

/// Why a layer that is given a length has no step.
pub const TAKES_LENGTH: &str = "takes the length of the whole sequence";

/// The sizes of an input of shape `[steps, features]`.
pub fn steps_and_features(context: &Context) -> Result<[usize; 2], Diagnostic> {
    let help = match *context.input.sizes() {
        [steps, features] => return Ok([steps, features]),
        [channels, height, width] => {
            let pixels = height * width;
            format!("add `reshape([{channels}, {pixels}]), transpose` before this layer: each pixel becomes a step")
        }
        _ => "give it a sequence, such as `[32, 8]` for 32 steps of 8 features".into(),
    };
    Err(context.wrong_shape("[steps, features]", 2, help))
}

/// The length of a sequence of so many steps, if the option gives it: the argument of calls, and the operand.
pub fn length(context: &Context, option: &Key<Ident>, steps: usize) -> Result<(Argument, Option<Operand>), Diagnostic> {
    let Some((place, value)) = context.operand(option) else {
        return Ok((Argument::Option(quote!(nn::Whole)), None));
    };
    let name = context.options.get(option);
    let types = [(1 << 8, "u8"), (1 << 16, "u16")];
    let wide = types.iter().find(|(reached, _)| steps < *reached).map_or("u32", |(_, element)| element);
    let help = format!("declare `{name}` as an input of the network: `{name}: {wide} [1]`");
    if !value.is_index() || value.shape.sizes() != [1] {
        let found = if value.is_index() { format!("indices of shape {}", value.shape) } else { "numbers".into() };
        let error = format!("`{}` of `{}` takes one index, but `{name}` is {found}", option.name, context.keyword);
        return Err(context.error_at(option, error).help(help));
    }
    if let Some(reached) = value.element.indices().filter(|reached| (steps as u64) >= *reached) {
        let (element, most) = (value.element.name(), reached - 1);
        let error = format!("the sequence has {steps} steps, but a length of type `{element}` reaches only {most}");
        return Err(context.error_at(option, error).help(help));
    }
    Ok((Argument::Operand(place), Some(Operand { option: option.name, most_steps: Some(steps), backward: None })))
}

/// The value of an option, which is to be numbers of this shape, and its place; `None` if it is not given.
pub fn numbers(context: &Context, option: &Key<Ident>, sizes: &[usize]) -> Result<Option<usize>, Diagnostic> {
    let Some((place, value)) = context.operand(option) else { return Ok(None) };
    check_numbers(context, option, value)?;
    let own: Vec<_> = value.shape.sizes().iter().copied().skip_while(|size| *size == 1).collect();
    let needed: Vec<_> = sizes.iter().copied().skip_while(|size| *size == 1).collect();
    if own == needed {
        return Ok(Some(place));
    }
    let needed = if needed.is_empty() { vec![1] } else { needed };
    let (name, shape) = (context.options.get(option), &value.shape);
    let error = format!("`{}` of `{}` has shape {needed:?}, but `{name}` has {shape}", option.name, context.keyword);
    let help = match needed.as_slice() {
        [features] if matches!(shape.sizes(), [_, own] if own == features) => {
            "take one step of it, as `last` does, or the mean over all, `mean`".to_owned()
        }
        [features] if shape.rank() > 1 => format!("give it this shape, as `flatten, linear({features})` makes it"),
        [features] => format!("give it this shape, as `linear({features})` makes it"),
        needed if needed.iter().product::<usize>() == shape.len() => {
            format!("give it this shape, as `reshape({needed:?})` makes it")
        }
        needed => {
            let features: usize = needed.iter().product();
            format!("give it this shape, as `linear({features}), reshape({needed:?})` makes it")
        }
    };
    Err(context.error_at(option, error).help(help))
}

/// An error if the value of an option is indices.
pub fn check_numbers(context: &Context, option: &Key<Ident>, value: &Value) -> Result<(), Diagnostic> {
    if !value.is_index() {
        return Ok(());
    }
    let (name, element) = (context.options.get(option), value.element.name());
    let error = format!(
        "`{}` of `{}` takes numbers, but `{name}` is indices of type `{element}`",
        option.name, context.keyword
    );
    Err(context.error_at(option, error).help("let an `embedding` make numbers of them"))
}
