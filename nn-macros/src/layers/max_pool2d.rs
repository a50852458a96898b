//! `max_pool2d(kernel_size, stride = kernel_size, padding = 0)` on `[channels, height, width]`.

use quote::quote;

use super::{Argument, Cache, Calls, Context, Definition, Infer, Layer};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};
use crate::window::Window2d;

pub const DEFINITION: Definition = Definition {
    keyword: "max_pool2d",
    options: &[
        OptionSpec::new("kernel_size", Kind::Pair, Unwritten::Required),
        OptionSpec::new("stride", Kind::Pair, Unwritten::Derived),
        OptionSpec::new("padding", Kind::PairOrZero, Unwritten::Size(0)),
    ],
    takes_indices: false,
    build,
};

/// The cache numbers the points of a window in a byte.
const MOST_POINTS: usize = 256;

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let options = context.options;
    let kernel = options.pair("kernel_size");
    let span = |name| options.span(name).unwrap_or(context.keyword.span());
    if kernel[0].saturating_mul(kernel[1]) > MOST_POINTS {
        return Err(Diagnostic::new(
            span("kernel_size"),
            format!(
                "`max_pool2d` has a window of {}x{} points, but at most {MOST_POINTS} are possible",
                kernel[0], kernel[1]
            ),
        )
        .help("use two smaller pools, one after the other"));
    }
    let padding = options.pair("padding");
    if padding[0] > kernel[0] / 2 || padding[1] > kernel[1] / 2 {
        return Err(Diagnostic::new(
            span("padding"),
            format!(
                "`max_pool2d` has padding {}x{}, more than half of its {}x{} window",
                padding[0], padding[1], kernel[0], kernel[1]
            ),
        )
        .help("a window that lies in the padding has no maximum: use a smaller `padding`"));
    }
    let (window, [height, width]) = Window2d::new(context, options.derived_pair("stride").unwrap_or(kernel), [1, 1])?;
    let output = context.output(vec![window.channels, height, width])?;
    let window = Argument::Option(quote!(#window));
    Ok(Layer {
        cache: Some(Cache::Bytes(output.len())),
        output: Some(output),
        calls: Calls {
            forward: Some(vec![window.clone(), Argument::Input, Argument::Output, Argument::Cache]),
            infer: Infer::Call(vec![window.clone(), Argument::Input, Argument::Output]),
            backward_input: Some(vec![window, Argument::Cache, Argument::GradOutput, Argument::GradInput]),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
