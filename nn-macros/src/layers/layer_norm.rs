//! `layer_norm(eps = 1e-5)` over the last dimension of any shape.

use quote::quote;

use super::{Argument, Axis, Context, Definition, Layer, Step};
use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{by_groups, eps, eps_option};
use crate::options::Default as Unwritten;

pub const DEFINITION: Definition =
    Definition { keyword: "layer_norm", options: &[eps_option(Unwritten::Float(1e-5))], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let eps = eps(context)?;
    let features = context.last();
    context.check_several(features, "its bias", "leave it out")?;
    let kept = 2 * context.input.len() / features;
    let mut layer = by_groups(context, None, Argument::Option(quote!(#eps)), &["weight", "bias"], features, kept);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
