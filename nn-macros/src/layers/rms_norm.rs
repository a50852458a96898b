//! `rms_norm(eps)` over the last dimension of any shape. An `eps` that is not written is the epsilon of the network's type.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{by_groups, check_eps};
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, OrEpsilon};
use crate::model::spec::{Argument, Axis, Layer, Step};

const EPS: Key<OrEpsilon> = Key::number_or_epsilon("eps");

pub const DEFINITION: Definition =
    Definition { keyword: "rms_norm", options: &[EPS.or_epsilon()], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let eps = match context.options.get(&EPS) {
        OrEpsilon::Epsilon => quote!(nn::None),
        OrEpsilon::Number(eps) => {
            check_eps(context, &EPS, eps)?;
            quote!(nn::Some(#eps))
        }
    };
    let features = context.input.last();
    context.check_several(features, "its weight or minus that", "leave it out")?;
    let kept = context.input.len() / features;
    let mut layer = by_groups(context, None, Argument::Option(eps), &["weight"], features, kept);
    layer.calls.step = Step::Infer(Axis::First);
    Ok(layer)
}
