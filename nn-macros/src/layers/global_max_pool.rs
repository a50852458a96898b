//! `global_max_pool` on `[channels, length]` or `[channels, height, width]`, to `[channels]`.

use crate::diagnostic::Diagnostic;
use crate::layers::shared::pooling;
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Cache, Calls, Infer, Layer, Step};

pub const DEFINITION: Definition = Definition { keyword: "global_max_pool", options: &[], takes_indices: false, build };

/// The cache numbers the places of a channel with scalars, of which an `f32` is exact up to here.
const MOST_PLACES: usize = 1 << 24;

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let output = pooling::global(context)?;
    let places = context.input.len() / output.len();
    if places > MOST_PLACES {
        let error =
            format!("`{}` has {places} values a channel, but at most {MOST_PLACES} are possible", context.keyword);
        return Err(Diagnostic::new(context.keyword.span(), error).help("put a `max_pool1d` or `max_pool2d` before it"));
    }
    Ok(Layer {
        cache: Some(Cache::Lanes(output.len())),
        calls: Calls {
            forward: Some(vec![Argument::Input, Argument::Output, Argument::Cache]),
            infer: Infer::Call(vec![Argument::Input, Argument::Output]),
            backward_input: Some(vec![Argument::Cache, Argument::GradOutput, Argument::GradInput]),
            step: Step::Never("takes the maximum over all steps"),
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}
