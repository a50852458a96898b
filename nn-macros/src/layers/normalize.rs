//! `normalize(p = 2.0, dim = 0, eps = 1e-12)` on any shape, in place; its derivative is a function of its input.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::dimension::{DIM, along};
use crate::layers::shared::normalisation::EPS;
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, text};
use crate::model::spec::{Argument, Layer};

const P: Key<f64> = Key::number("p");

/// PyTorch's first dimension behind the batch is the first here.
pub const DEFINITION: Definition =
    Definition { keyword: "normalize", options: &[P.or(2.0), DIM.or(0), EPS.or(1e-12)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let [p, eps] = [P, EPS].map(|key| context.options.get(&key));
    if p <= 0.0 {
        let error = format!("`p` of `normalize` must be above 0, found {}", text(p));
        let help = "`p` is the exponent of the norm; a dimension is written with its name, as in `normalize(dim = -1)`";
        return Err(context.error_at(&P, error).help(help));
    }
    let along = along(context)?;
    along.check_several(
        context,
        "the sign of its input",
        "leave it out, or name another dimension, as in `normalize(dim = -1)`",
    )?;
    let [p, eps] = [p, eps].map(|number| Argument::Option(quote!(#number)));
    Ok(along.in_place(context, &[p, eps], &[Argument::Input]))
}
