//! Convolutions and transposed ones, over an image or a signal.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::window::{Rank, Window2d};
use crate::layers::{Argument, Axis, Calls, Context, Layer, Parameter, Step};

/// A convolution with the options `out_channels`, `groups`, `bias` and those of its window.
pub fn direct(context: &Context, rank: Rank) -> Result<Layer, Diagnostic> {
    let window = Window2d::new(context, rank)?;
    let out_channels = context.options.size("out_channels");
    let groups = groups(context, window.channels, out_channels)?;
    let output = context.output(rank.shape(out_channels, window.output))?;
    let weight = weight(rank, out_channels, &window, groups);
    let multiply_adds = multiply_adds(output.len(), &weight);
    let bias = [Argument::OptionalParameter("bias"), Argument::OptionalGradient("bias")];
    let mut layer = layer(context, &window, groups, weight, bias);
    if rank == Rank::One {
        layer.calls.step = step(&window, groups);
    }
    Ok(Layer { output: Some(output), multiply_adds, has_forward_relu: true, ..layer })
}

/// How a convolution over a signal runs as the signal comes in: each output sees the input at its place and before it.
fn step(window: &Window2d, groups: usize) -> Step {
    let Window2d { channels, dilation: [_, dilation], kernel: [_, kernel], .. } = *window;
    let past = dilation.saturating_mul(kernel - 1);
    if window.stride[1] > 1 {
        return Step::Never("skips steps, as its `stride` is not 1");
    }
    if window.padding[1] != past || window.output != window.input {
        return Step::Never("sees later steps, as it is not `causal`");
    }
    let geometry = [dilation, groups].map(|size| Argument::Option(quote!(#size)));
    let operands = [
        Argument::Parameter("weight"),
        Argument::OptionalParameter("bias"),
        Argument::State,
        Argument::Input,
        Argument::Output,
    ];
    let state = channels.saturating_mul(past).saturating_add(1);
    Step::Call { axis: Axis::Last, state, call: [&geometry[..], &operands].concat() }
}

/// A transposed convolution with the same options, and `output_padding`.
pub fn transposed(context: &Context, rank: Rank) -> Result<Layer, Diagnostic> {
    let (channels, _) = rank.input(context)?;
    let out_channels = context.options.size("out_channels");
    let window = Window2d::transposed(context, rank, out_channels)?;
    let groups = groups(context, channels, out_channels)?;
    let output = context.output(rank.shape(out_channels, window.input))?;
    let weight = weight(rank, channels, &window, groups);
    let multiply_adds = multiply_adds(context.input.len(), &weight);
    let bias = if context.options.bool("bias") {
        [Argument::OptionalParameter("bias"), Argument::OptionalGradient("bias")]
    } else {
        // nothing else in the call says how long the bias would be
        [quote!(nn::None::<&nn::SVector<_, #out_channels>>), quote!(nn::None::<&mut nn::SVector<_, #out_channels>>)]
            .map(Argument::Option)
    };
    let mut layer = layer(context, &window, groups, weight, bias);
    layer.calls.step = Step::Never("spreads each step over several");
    Ok(Layer { output: Some(output), multiply_adds, ..layer })
}

/// The parameters and the calls, the bias and its gradient as these arguments.
fn layer(
    context: &Context,
    window: &Window2d,
    groups: usize,
    weight: Parameter,
    [bias, grad_bias]: [Argument; 2],
) -> Layer {
    let mut parameters = vec![weight];
    if context.options.bool("bias") {
        parameters.push(Parameter::vector("bias", context.options.size("out_channels")));
    }
    let (weight, grad_weight) = (Argument::Parameter("weight"), Argument::Gradient("weight"));
    let geometry = [Argument::Option(quote!(#window)), Argument::Option(quote!(#groups))];
    let with_geometry = |rest: &[Argument]| Some([&geometry, rest].concat());
    Layer {
        parameters,
        calls: Calls {
            init: Some(vec![grad_weight.clone(), grad_bias.clone(), Argument::Rng]),
            forward: with_geometry(&[weight.clone(), bias, Argument::Input, Argument::Output]),
            backward_parameters: with_geometry(&[Argument::Input, Argument::GradOutput, grad_weight, grad_bias]),
            backward_input: with_geometry(&[weight, Argument::GradOutput, Argument::GradInput]),
            ..Calls::default()
        },
        ..Layer::default()
    }
}

/// The number of groups, which divides the channels of both sides.
fn groups(context: &Context, channels: usize, out_channels: usize) -> Result<usize, Diagnostic> {
    let groups = context.options.size("groups");
    for (side, channels) in [("input", channels), ("output", out_channels)] {
        if channels % groups != 0 {
            let error = format!(
                "`{}` has {groups} groups, which do not divide its {channels} {side} channels",
                context.keyword
            );
            let help = "`groups` must divide the channels of the input and of the output";
            return Err(context.error_at("groups", error).help(context.or_channels_first(help.into())));
        }
    }
    Ok(groups)
}

/// The weight of a convolution, or of the one that a transposed one runs backwards: a row for each of its outputs.
fn weight(rank: Rank, outputs: usize, window: &Window2d, groups: usize) -> Parameter {
    let (channels, [height, width]) = (window.channels / groups, window.kernel);
    let columns = channels.saturating_mul(height).saturating_mul(width);
    let shape = [vec![outputs], rank.shape(channels, window.kernel)].concat();
    Parameter::matrix("weight", outputs, columns).shape(shape)
}

/// Each of so many values meets a row of the weight.
fn multiply_adds(values: usize, weight: &Parameter) -> u64 {
    (values as u64).saturating_mul(weight.columns.unwrap_or_default() as u64)
}
