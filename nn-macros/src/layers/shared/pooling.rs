//! Pools of a window, over an image or a signal.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::window::{
    CEIL_MODE, DILATION, KERNEL_SIZE, PADDING, Padding, Rank, Rounding, Sides, Unpadded, Window2d,
};
use crate::model::definition::Context;
use crate::model::options::Key;
use crate::model::shape::Shape;
use crate::model::spec::{Argument, Cache, Calls, Infer, Layer, Step};

pub const COUNT_INCLUDE_PAD: Key<bool> = Key::bool("count_include_pad");

/// The cache numbers the points of a window in a byte.
const MOST_POINTS: usize = 256;

/// How a pool runs on a step of a sequence.
const MERGES: Step = Step::Never("makes one step of several");

/// The maximum of each window.
pub fn maximum(context: &Context, rank: Rank) -> Result<Layer, Diagnostic> {
    let (window, _) = window(context, &Unpadded::dilated(context, rank)?)?;
    if window.kernel[0].saturating_mul(window.kernel[1]) > MOST_POINTS {
        let error = format!(
            "`{}` has a kernel of {} points, but at most {MOST_POINTS} are possible",
            context.keyword,
            rank.name(window.kernel)
        );
        return Err(context.error_at(&KERNEL_SIZE, error).help("use two smaller pools, one after the other"));
    }
    if (0..2).any(|axis| window.padding[axis] > 0 && window.dilation[axis] > window.input[axis]) {
        let [dilation, input] = [window.dilation, window.input].map(|pair| rank.name(pair));
        let error = format!(
            "`{}` has padding, and dilation {dilation}, more than its input of {input}: a window may hold none of it",
            context.keyword
        );
        return Err(context.error_at(&DILATION, error).help("use a smaller `dilation`, or no `padding`"));
    }
    let output = context.output(rank.shape(window.channels, window.output))?;
    let window = Argument::Option(quote!(#window));
    Ok(Layer {
        cache: Some(Cache::Bytes(output.len())),
        calls: Calls {
            forward: Some(vec![window.clone(), Argument::Input, Argument::Output, Argument::Cache]),
            infer: Infer::Call(vec![window.clone(), Argument::Input, Argument::Output]),
            backward_input: Some(vec![window, Argument::Cache, Argument::GradOutput, Argument::GradInput]),
            step: MERGES,
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}

/// The mean of each window.
pub fn average(context: &Context, rank: Rank) -> Result<Layer, Diagnostic> {
    let (window, padding) = window(context, &Unpadded::new(context, rank)?)?;
    let output = context.output(rank.shape(window.channels, window.output))?;
    let multiply_adds =
        (output.len() as u64).saturating_mul((window.kernel[0] as u64).saturating_mul(window.kernel[1] as u64));
    let padded = if context.options.get(&COUNT_INCLUDE_PAD) {
        let [height, width] = [0, 1].map(|axis| padding[axis].into_iter().sum::<usize>() + window.input[axis]);
        quote!(nn::Some([#height, #width]))
    } else {
        quote!(nn::None)
    };
    let options = [quote!(#window), padded].map(Argument::Option);
    let with_options = |rest: &[Argument]| Some([&options, rest].concat());
    Ok(Layer {
        multiply_adds,
        calls: Calls {
            forward: with_options(&[Argument::Input, Argument::Output]),
            backward_input: with_options(&[Argument::GradOutput, Argument::GradInput]),
            step: MERGES,
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}

/// A pool of each channel as a whole.
pub fn global(context: &Context) -> Result<Shape, Diagnostic> {
    let (channels, _) = Rank::of(context)?.input(context)?;
    context.output(vec![channels])
}

/// The window, and its padding, which is at most half of it on each side.
fn window(context: &Context, unpadded: &Unpadded) -> Result<(Window2d, Sides), Diagnostic> {
    let padding = context.options.get(&PADDING).along_both().unwrap_or_default();
    let rounding = if context.options.get(&CEIL_MODE) { Rounding::Up } else { Rounding::Down };
    let window = unpadded.padded(context, Padding::Sides(padding), rounding)?;
    let (rank, kernel) = (unpadded.rank, window.kernel);
    if (0..2).any(|axis| padding[axis].into_iter().any(|size| size > kernel[axis] / 2)) {
        let (padding, kernel) = (rank.sides(padding), rank.sized("kernel", kernel));
        let error = format!("`{}` has padding {padding}, more than half of its {kernel}", context.keyword);
        return Err(context
            .error_at(&PADDING, error)
            .help("a window must not lie in the padding: use a smaller `padding`"));
    }
    Ok((window, padding))
}
