//! Convolutions and transposed ones, over an image or a signal.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::window::{Padding, Rank, Rounding, Unpadded, Window2d};
use crate::model::definition::Context;
use crate::model::options::{Around, Key, Sizes};
use crate::model::shape::Shape;
use crate::model::spec::{Argument, Axis, Calls, Layer, Memory, Parameter, Step};

pub const OUT_CHANNELS: Key<usize> = Key::size("out_channels");
pub const PADDING: Key<Around> = Key::around_or_same("padding");
pub const OUTPUT_PADDING: Key<Sizes> = Key::sizes_or_zero("output_padding");
pub const GROUPS: Key<usize> = Key::size("groups");
pub const BIAS: Key<bool> = Key::bool("bias");
/// Only over a signal.
pub const CAUSAL: Key<bool> = Key::bool("causal");

/// A convolution.
pub fn direct(context: &Context, rank: Rank) -> Result<Layer, Diagnostic> {
    let unpadded = Unpadded::dilated(context, rank)?;
    let window = unpadded.padded(context, padding(context, &unpadded)?, Rounding::Down)?;
    let out_channels = context.options.get(&OUT_CHANNELS);
    let groups = groups(context, window.channels, out_channels)?;
    let output = context.output(rank.shape(out_channels, window.output))?;
    let weight = weight(rank, out_channels, &window, groups);
    let multiply_adds = multiply_adds(output.len(), &weight);
    let bias = [Argument::OptionalParameter("bias"), Argument::OptionalGradient("bias")];
    let mut layer = layer(context, output, &window, groups, weight, bias);
    if rank == Rank::One {
        layer.calls.step = step(&window, groups);
    }
    Ok(Layer { multiply_adds, has_forward_relu: true, ..layer })
}

/// The padding, which a causal convolution chooses itself.
fn padding(context: &Context, unpadded: &Unpadded) -> Result<Padding, Diagnostic> {
    let keyword = context.keyword;
    let given = context.options.get(&PADDING).along_both().map_or(Padding::Same, Padding::Sides);
    let is_causal = unpadded.rank == Rank::One && context.options.get(&CAUSAL);
    match given {
        Padding::Sides([[0, 0], [0, 0]]) if is_causal => Ok(Padding::Causal),
        _ if is_causal => {
            let error = format!("`{keyword}` is causal, but has `padding`");
            Err(context
                .error_at(&PADDING, error)
                .help("a causal layer pads its input itself: remove `padding`, or `causal`"))
        }
        Padding::Same if unpadded.stride != [1; 2] => {
            let stride = unpadded.rank.name(unpadded.stride);
            let error = format!("`{keyword}` has padding `same`, but its stride is {stride}");
            Err(context.error_at(&PADDING, error).help("write the padding as a number, or use stride 1"))
        }
        given => Ok(given),
    }
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
    let memory = Memory {
        state: channels.saturating_mul(past).saturating_add(1),
        past: Some(past),
        scratch: if kernel > 1 { channels.saturating_mul(kernel) } else { 0 },
    };
    Step::Call { axis: Axis::Last, memory: Some(memory), call: [&geometry[..], &operands].concat() }
}

/// A transposed convolution.
pub fn transposed(context: &Context, rank: Rank) -> Result<Layer, Diagnostic> {
    let unpadded = Unpadded::dilated(context, rank)?;
    let (channels, out_channels) = (unpadded.channels, context.options.get(&OUT_CHANNELS));
    let more = output_padding(context, &unpadded)?;
    let window = unpadded.transposed(context, out_channels, more)?;
    let groups = groups(context, channels, out_channels)?;
    let output = context.output(rank.shape(out_channels, window.input))?;
    let weight = weight(rank, channels, &window, groups);
    let multiply_adds = multiply_adds(context.input.len(), &weight);
    let bias = if context.options.get(&BIAS) {
        [Argument::OptionalParameter("bias"), Argument::OptionalGradient("bias")]
    } else {
        // nothing else in the call says how long the bias would be
        [quote!(nn::None::<&nn::SVector<_, #out_channels>>), quote!(nn::None::<&mut nn::SVector<_, #out_channels>>)]
            .map(Argument::Option)
    };
    let mut layer = layer(context, output, &window, groups, weight, bias);
    layer.calls.step = Step::Never("spreads each step over several");
    Ok(Layer { multiply_adds, ..layer })
}

/// How much a transposed convolution adds to its output behind it.
fn output_padding(context: &Context, unpadded: &Unpadded) -> Result<[usize; 2], Diagnostic> {
    let Unpadded { rank, stride, dilation, .. } = *unpadded;
    let more = context.options.get(&OUTPUT_PADDING).along_both(0);
    if (0..2).all(|axis| more[axis] < stride[axis].max(dilation[axis])) {
        return Ok(more);
    }
    let [more, stride, dilation] = [more, stride, dilation].map(|pair| rank.name(pair));
    let error = format!(
        "`{}` has output_padding {more}, which is not smaller than its stride {stride} or its dilation {dilation}",
        context.keyword
    );
    Err(context.error_at(&OUTPUT_PADDING, error).help("use a smaller `output_padding`"))
}

/// The layer, the bias and its gradient as these arguments.
fn layer(
    context: &Context,
    output: Shape,
    window: &Window2d,
    groups: usize,
    weight: Parameter,
    [bias, grad_bias]: [Argument; 2],
) -> Layer {
    let mut parameters = vec![weight];
    if context.options.get(&BIAS) {
        parameters.push(Parameter::vector("bias", context.options.get(&OUT_CHANNELS)));
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
        ..Layer::new(output)
    }
}

/// The number of groups, which divides the channels of both sides.
fn groups(context: &Context, channels: usize, out_channels: usize) -> Result<usize, Diagnostic> {
    let groups = context.options.get(&GROUPS);
    for (side, channels) in [("input", channels), ("output", out_channels)] {
        if channels % groups != 0 {
            let error = format!(
                "`{}` has {groups} groups, which do not divide its {channels} {side} channels",
                context.keyword
            );
            let help = "`groups` must divide the channels of the input and of the output";
            return Err(context.error_at(&GROUPS, error).help(context.or_channels_first(help.into())));
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
    // the weight itself may have too many values: that is an error only later
    (values as u64).saturating_mul(weight.columns.unwrap_or(1) as u64)
}
