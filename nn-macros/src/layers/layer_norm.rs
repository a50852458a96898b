//! `layer_norm(eps = 1e-5)` over the last dimension of any shape.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{EPS, by_groups, check_eps};
use crate::model::definition::{Context, Definition};
use crate::model::spec::{Argument, Axis, Layer, Step};

pub const DEFINITION: Definition =
    Definition { keyword: "layer_norm", options: &[EPS.or(1e-5)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let eps = context.options.get(&EPS);
    check_eps(context, &EPS, eps)?;
    let features = context.input.last();
    context.check_several(features, "its bias", "leave it out")?;
    let kept = 2 * context.input.len() / features;
    let mut layer = by_groups(context, None, Argument::Option(quote!(#eps)), &["weight", "bias"], features, kept);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
