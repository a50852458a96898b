//! `upsample(scale_factor, mode = nearest, align_corners = false)` on `[channels, length]` or `[channels, height, width]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::window::Rank;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, Sizes, Word};
use crate::model::spec::{Argument, Calls, Layer, Step};

const SCALE_FACTOR: Key<Sizes> = Key::scale("scale_factor");
const MODE: Key<Word> = Key::word("mode", &["nearest", "linear", "bilinear"]);
const ALIGN_CORNERS: Key<bool> = Key::bool("align_corners");

pub const DEFINITION: Definition = Definition {
    keyword: "upsample",
    options: &[SCALE_FACTOR.required(), MODE.or("nearest"), ALIGN_CORNERS.or(false)],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let rank = Rank::of(context)?;
    let (channels, size) = rank.input(context)?;
    let scale = scale(context, rank)?;
    let (mode, terms) = mode(context, rank)?;
    let [height, width] = [0, 1].map(|axis| size[axis].saturating_mul(scale[axis]));
    let output = context.output(rank.shape(channels, [height, width]))?;
    let [[height, width], [down, across]] = [size, scale];
    let options = [mode, quote!([#height, #width]), quote!([#down, #across])].map(Argument::Option);
    let with_options = |rest: &[Argument]| Some([&options, rest].concat());
    Ok(Layer {
        multiply_adds: terms * output.len() as u64,
        calls: Calls {
            forward: with_options(&[Argument::Input, Argument::Output]),
            backward_input: with_options(&[Argument::GradOutput, Argument::GradInput]),
            step: Step::Never("makes several steps of one"),
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}

/// The factors of height and width; the height of a signal stays 1.
fn scale(context: &Context, rank: Rank) -> Result<[usize; 2], Diagnostic> {
    match (context.options.get(&SCALE_FACTOR), rank) {
        (Sizes::Single(factor), Rank::One) => Ok([1, factor]),
        (Sizes::Single(factor), Rank::Two) => Ok([factor; 2]),
        (Sizes::Pair(factors), Rank::Two) => Ok(factors),
        (Sizes::Pair([first, second]), Rank::One) => {
            let error = format!(
                "`upsample` has factors of a height and a width, ({first}, {second}), but its input {} is a signal",
                context.input
            );
            Err(context.error_at(&SCALE_FACTOR, error).help(format!("write one factor: `upsample({second})`")))
        }
    }
}

/// The mode, and how many terms a value of the output has.
fn mode(context: &Context, rank: Rank) -> Result<(proc_macro2::TokenStream, u64), Diagnostic> {
    let (mode, align_corners) = (context.options.get(&MODE).text(), context.options.get(&ALIGN_CORNERS));
    let (fitting, terms) = if rank == Rank::One { ("linear", 2) } else { ("bilinear", 4) };
    if mode == "nearest" {
        if context.options.is_given(&ALIGN_CORNERS) {
            let error = "`upsample` has `align_corners`, but its mode is `nearest`, which takes values as they are";
            let help = format!("remove `align_corners`, or write `mode = {fitting}`");
            return Err(context.error_at(&ALIGN_CORNERS, error).help(help));
        }
        return Ok((quote!(nn::upsample::Mode::Nearest), 0));
    }
    if mode != fitting {
        let takes = if rank == Rank::One { "[channels, height, width]" } else { "[channels, length]" };
        let error = format!("`upsample` with mode `{mode}` takes {takes}, but its input has shape {}", context.input);
        return Err(context.error_at(&MODE, error).help(format!("write `mode = {fitting}`")));
    }
    Ok((quote!(nn::upsample::Mode::Linear { align_corners: #align_corners }), terms))
}
