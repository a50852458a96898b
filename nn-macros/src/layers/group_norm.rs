//! `group_norm(num_groups, eps = 1e-5)` on `[channels]`, `[channels, length]` or `[channels, height, width]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::normalisation::{EPS, by_groups, check_eps};
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::shape::nearest_divisor;
use crate::model::spec::{Argument, Layer, Step};

const NUM_GROUPS: Key<usize> = Key::size("num_groups");

pub const DEFINITION: Definition =
    Definition { keyword: "group_norm", options: &[NUM_GROUPS.required(), EPS.or(1e-5)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let ([channels] | [channels, _] | [channels, _, _]) = *context.input.sizes() else {
        let takes = "[channels], [channels, length] or [channels, height, width]";
        return Err(context.wrong_shape(takes, 3, "let the stages before it make [channels, height, width]"));
    };
    let (groups, eps) = (context.options.get(&NUM_GROUPS), context.options.get(&EPS));
    check_eps(context, &EPS, eps)?;
    if !channels.is_multiple_of(groups) {
        let error = format!("`group_norm` has {groups} groups, which do not divide its {channels} channels");
        let help = format!("use {} groups, for example", nearest_divisor(channels, groups));
        return Err(context.error_at(&NUM_GROUPS, error).help(help));
    }
    context.check_several(context.input.len() / groups, "its bias", "use fewer groups, or leave it out")?;
    let (division, eps) = (Argument::Option(quote!(#groups)), Argument::Option(quote!(#eps)));
    let mut layer = by_groups(context, Some(division), eps, &["weight", "bias"], channels, 2 * groups);
    layer.calls.step = Step::Never("normalises over all steps");
    Ok(layer)
}
