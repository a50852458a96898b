//! `rms_norm(eps)` over the last dimension of any shape. An `eps` that is not written is the epsilon of the network's type.

use quote::quote;

use super::{Argument, Axis, Context, Definition, Layer, Step};
use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{by_groups, eps, eps_option};
use crate::options::Default as Unwritten;

pub const DEFINITION: Definition =
    Definition { keyword: "rms_norm", options: &[eps_option(Unwritten::Epsilon)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let eps = eps(context)?.map_or_else(|| quote!(nn::None), |eps| quote!(nn::Some(#eps)));
    let features = context.last();
    context.check_several(features, "its weight or minus that", "leave it out")?;
    let kept = context.input.len() / features;
    let mut layer = by_groups(context, None, Argument::Option(eps), &["weight"], features, kept);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
