//! `prelu(num_parameters = 1, init = 0.25)` on any shape: one slope, or one for each channel, the first dimension.

use quote::quote;

use super::{Argument, Axis, Calls, Context, Definition, Layer, Parameter, Step};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "prelu",
    options: &[
        OptionSpec::new("num_parameters", Kind::Size, Unwritten::Size(1)),
        OptionSpec::new("init", Kind::Float { least: f64::NEG_INFINITY, most: f64::INFINITY }, Unwritten::Float(0.25)),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    use Argument::{Grad, GradOutput, Gradient, Input, Option, Rng, Value};
    let slopes = context.options.size("num_parameters");
    let channels = context.input.sizes().first().copied().unwrap_or(1);
    if ![1, channels].contains(&slopes) {
        return Err(wrong_number(context, slopes, channels));
    }
    let init = context.options.float("init");
    let (weight, grad_weight) = (Argument::Parameter("weight"), Gradient("weight"));
    Ok(Layer {
        output: Some(context.input.clone()),
        parameters: vec![Parameter::vector("weight", slopes)],
        calls: Calls {
            init: Some(vec![Option(quote!(#init)), grad_weight.clone(), Rng]),
            forward: Some(vec![weight.clone(), Value]),
            backward_parameters: Some(vec![Input, GradOutput, grad_weight]),
            backward_input: Some(vec![weight, Input, Grad]),
            step: if slopes == 1 { Step::Each } else { Step::Infer(Axis::Last) },
            ..Calls::default()
        },
        ..Layer::default()
    })
}

fn wrong_number(context: &Context, slopes: usize, channels: usize) -> Diagnostic {
    let input = context.input;
    let error = format!("`prelu` has {slopes} slopes, but its input has shape {input}");
    context.error_at("num_parameters", error).help(if channels == 1 {
        "write `prelu`, which has one slope for all".into()
    } else {
        format!("write `prelu`, which has one slope for all, or `prelu({channels})`, which has one for each of the first dimension")
    })
}
