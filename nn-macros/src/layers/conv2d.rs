//! `conv2d(out_channels, kernel_size, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)` on
//! `[channels, height, width]`.

use quote::quote;

use super::{Argument, Calls, Context, Definition, Layer, Parameter};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};
use crate::window::Window2d;

pub const DEFINITION: Definition = Definition {
    keyword: "conv2d",
    options: &[
        OptionSpec::new("out_channels", Kind::Size, Unwritten::Required),
        OptionSpec::new("kernel_size", Kind::Pair, Unwritten::Required),
        OptionSpec::new("stride", Kind::Pair, Unwritten::Size(1)),
        OptionSpec::new("padding", Kind::PairOrZero, Unwritten::Size(0)),
        OptionSpec::new("dilation", Kind::Pair, Unwritten::Size(1)),
        OptionSpec::new("groups", Kind::Size, Unwritten::Size(1)),
        OptionSpec::new("bias", Kind::Bool, Unwritten::Bool(true)),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let options = context.options;
    let (window, [height, width]) = Window2d::new(context, options.pair("stride"), options.pair("dilation"))?;
    let (out_channels, groups) = (options.size("out_channels"), options.size("groups"));
    for (side, channels) in [("input", window.channels), ("output", out_channels)] {
        if channels % groups != 0 {
            let span = options.span("groups").unwrap_or(context.keyword.span());
            return Err(Diagnostic::new(
                span,
                format!("`conv2d` has {groups} groups, which do not divide its {channels} {side} channels"),
            )
            .help("`groups` must divide the channels of the input and of the output"));
        }
    }
    let output = context.output(vec![out_channels, height, width])?;
    let taps = (window.channels / groups).saturating_mul(window.kernel[0]).saturating_mul(window.kernel[1]);
    let shape = vec![out_channels, window.channels / groups, window.kernel[0], window.kernel[1]];
    let mut parameters = vec![Parameter::matrix("weight", out_channels, taps).shape(shape)];
    if options.bool("bias") {
        parameters.push(Parameter::vector("bias", out_channels));
    }
    let (weight, bias) = (Argument::Parameter("weight"), Argument::OptionalParameter("bias"));
    let (grad_weight, grad_bias) = (Argument::Gradient("weight"), Argument::OptionalGradient("bias"));
    let geometry = [Argument::Option(quote!(#window)), Argument::Option(quote!(#groups))];
    let with_geometry = |rest: &[Argument]| Some([&geometry, rest].concat());
    Ok(Layer {
        multiply_adds: (output.len() as u64).saturating_mul(taps as u64),
        output: Some(output),
        parameters,
        calls: Calls {
            init: Some(vec![grad_weight.clone(), grad_bias.clone(), Argument::Rng]),
            forward: with_geometry(&[weight.clone(), bias, Argument::Input, Argument::Output]),
            backward_parameters: with_geometry(&[Argument::Input, Argument::GradOutput, grad_weight, grad_bias]),
            backward_input: with_geometry(&[weight, Argument::GradOutput, Argument::GradInput]),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
