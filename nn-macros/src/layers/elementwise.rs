//! The elementwise functions: in place, on any shape. Each says what its derivative is computed from.

use quote::{format_ident, quote};

use super::{Argument, Context, Definition, Layer};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

const ANY: Kind = Kind::Float { least: f64::NEG_INFINITY, most: f64::INFINITY };
const NOT_NEGATIVE: Kind = Kind::Float { least: 0.0, most: f64::INFINITY };

/// All of them. What is computed from the input keeps it in memory until then.
pub const DEFINITIONS: &[Definition] = &[
    define("elu", &[OptionSpec::new("alpha", NOT_NEGATIVE, Unwritten::Float(1.0))], of_output),
    define("gelu", &[OptionSpec::new("approximate", Kind::Word(&["none", "tanh"]), Unwritten::Word("none"))], gelu),
    define("hard_sigmoid", &[], of_output),
    define("hard_swish", &[], of_input),
    define(
        "hard_tanh",
        &[
            OptionSpec::new("min_val", ANY, Unwritten::Float(-1.0)),
            OptionSpec::new("max_val", ANY, Unwritten::Float(1.0)),
        ],
        hard_tanh,
    ),
    define("leaky_relu", &[OptionSpec::new("negative_slope", ANY, Unwritten::Float(0.01))], leaky_relu),
    define("mish", &[], of_input),
    define("relu", &[], of_output),
    define("relu6", &[], of_output),
    define("selu", &[], of_output),
    define("sigmoid", &[], of_output),
    define("silu", &[], of_input),
    define(
        "softplus",
        &[
            OptionSpec::new("beta", NOT_NEGATIVE, Unwritten::Float(1.0)),
            OptionSpec::new("threshold", ANY, Unwritten::Float(20.0)),
        ],
        softplus,
    ),
    define("softsign", &[], of_output),
    define("tanh", &[], of_output),
];

type Build = fn(&Context) -> Result<Layer, Diagnostic>;

const fn define(keyword: &'static str, options: &'static [OptionSpec], build: Build) -> Definition {
    Definition { keyword, options, takes_indices: false, build }
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn of_output(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer::in_place(context, &numbers(context), &[Argument::Output]))
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn of_input(context: &Context) -> Result<Layer, Diagnostic> {
    Ok(Layer::in_place(context, &numbers(context), &[Argument::Input]))
}

fn numbers(context: &Context) -> Vec<Argument> {
    context.options.floats().map(|number| Argument::Option(quote!(#number))).collect()
}

/// With a negative slope the output is positive on both sides, and only the input tells them apart.
fn leaky_relu(context: &Context) -> Result<Layer, Diagnostic> {
    if context.options.float("negative_slope") < 0.0 { of_input(context) } else { of_output(context) }
}

#[allow(clippy::unnecessary_wraps, reason = "the form that every layer has")]
fn gelu(context: &Context) -> Result<Layer, Diagnostic> {
    let form = format_ident!("{}", if context.options.word("approximate") == "tanh" { "Tanh" } else { "None" });
    Ok(Layer::in_place(context, &[Argument::Option(quote!(nn::gelu::Approximate::#form))], &[Argument::Input]))
}

fn hard_tanh(context: &Context) -> Result<Layer, Diagnostic> {
    let [least, most] = ["min_val", "max_val"].map(|name| context.options.float(name));
    if least < most {
        return of_output(context);
    }
    let wrong = if context.options.extent("min_val").is_some() { "min_val" } else { "max_val" };
    let error = format!("`hard_tanh` has a `min_val` of {least}, which is not below its `max_val` of {most}");
    Err(context
        .error_at(wrong, error)
        .help("the lower bound comes first; unwritten, `min_val` is -1 and `max_val` is 1"))
}

fn softplus(context: &Context) -> Result<Layer, Diagnostic> {
    if context.options.float("beta") > 0.0 {
        return of_input(context);
    }
    Err(context.error_at("beta", "`beta` of `softplus` is above 0, but this is 0"))
}
