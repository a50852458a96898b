//! The elementwise functions: in place, on any shape. Each says what its derivative is computed from.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, Word};
use crate::model::spec::{Argument, Layer};

const ALPHA: Key<f64> = Key::number_between("alpha", 0.0, f64::INFINITY);
const APPROXIMATE: Key<Word> = Key::word("approximate", &["none", "tanh"]);
const MIN_VAL: Key<f64> = Key::number("min_val");
const MAX_VAL: Key<f64> = Key::number("max_val");
const NEGATIVE_SLOPE: Key<f64> = Key::number("negative_slope");
const BETA: Key<f64> = Key::number_between("beta", 0.0, f64::INFINITY);
const THRESHOLD: Key<f64> = Key::number("threshold");

/// All of them. What is computed from the input keeps it in memory until then.
pub const DEFINITIONS: &[Definition] = &[
    Definition { keyword: "abs", options: &[], takes_indices: false, build: of_input },
    Definition { keyword: "elu", options: &[ALPHA.or(1.0)], takes_indices: false, build: of_output },
    Definition { keyword: "exp", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "gelu", options: &[APPROXIMATE.or("none")], takes_indices: false, build: gelu },
    Definition { keyword: "hard_sigmoid", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "hard_swish", options: &[], takes_indices: false, build: of_input },
    Definition {
        keyword: "hard_tanh",
        options: &[MIN_VAL.or(-1.0), MAX_VAL.or(1.0)],
        takes_indices: false,
        build: hard_tanh,
    },
    Definition { keyword: "leaky_relu", options: &[NEGATIVE_SLOPE.or(0.01)], takes_indices: false, build: leaky_relu },
    Definition { keyword: "log", options: &[], takes_indices: false, build: of_input },
    Definition { keyword: "mish", options: &[], takes_indices: false, build: of_input },
    Definition { keyword: "relu", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "relu6", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "selu", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "sigmoid", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "silu", options: &[], takes_indices: false, build: of_input },
    Definition {
        keyword: "softplus",
        options: &[BETA.or(1.0), THRESHOLD.or(20.0)],
        takes_indices: false,
        build: softplus,
    },
    Definition { keyword: "softsign", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "sqrt", options: &[], takes_indices: false, build: of_output },
    Definition { keyword: "square", options: &[], takes_indices: false, build: of_input },
    Definition { keyword: "tanh", options: &[], takes_indices: false, build: of_output },
];

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn of_output(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer::in_place(context.input, &numbers(context), &[Argument::Output]))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn of_input(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer::in_place(context.input, &numbers(context), &[Argument::Input]))
}

fn numbers(context: &Context) -> Vec<Argument> {
    context.options.numbers().map(|number| Argument::Option(quote!(#number))).collect()
}

/// With a negative slope the output is positive on both sides, and only the input tells them apart.
fn leaky_relu(context: &Context) -> Result<Layer, Diagnostic> {
    if context.options.get(&NEGATIVE_SLOPE) < 0.0 { of_input(context) } else { of_output(context) }
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn gelu(context: &Context) -> Result<Layer, Diagnostic> {
    let form = context.options.get(&APPROXIMATE).variant();
    Ok(Layer::in_place(context.input, &[Argument::Option(quote!(nn::gelu::Approximate::#form))], &[Argument::Input]))
}

fn hard_tanh(context: &Context) -> Result<Layer, Diagnostic> {
    let [least, most] = [MIN_VAL, MAX_VAL].map(|key| context.options.get(&key));
    if least < most {
        return of_output(context);
    }
    let wrong = if context.options.is_given(&MIN_VAL) { MIN_VAL } else { MAX_VAL };
    let error = format!("`hard_tanh` has a `min_val` of {least}, which is not below its `max_val` of {most}");
    Err(context
        .error_at(&wrong, error)
        .help("the lower bound comes first; unwritten, `min_val` is -1 and `max_val` is 1"))
}

fn softplus(context: &Context) -> Result<Layer, Diagnostic> {
    if context.options.get(&BETA) > 0.0 {
        return of_input(context);
    }
    Err(context.error_at(&BETA, "`beta` of `softplus` is above 0, but this is 0"))
}
