//! `prelu(num_parameters = 1, init = 0.25)` on any shape: one slope, or one for each channel, the first dimension.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::spec::{Argument, Axis, Calls, Layer, Parameter, Step};

const NUM_PARAMETERS: Key<usize> = Key::size("num_parameters");
const INIT: Key<f64> = Key::number("init");

pub const DEFINITION: Definition =
    Definition { keyword: "prelu", options: &[NUM_PARAMETERS.or(1), INIT.or(0.25)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    use Argument::{Grad, GradOutput, Gradient, Input, Option, Rng, Value};
    let slopes = context.options.get(&NUM_PARAMETERS);
    let channels = context.input.first();
    if ![1, channels].contains(&slopes) {
        return Err(wrong_number(context, slopes, channels));
    }
    let init = context.options.get(&INIT);
    let (weight, grad_weight) = (Argument::Parameter("weight"), Gradient("weight"));
    Ok(Layer {
        parameters: vec![Parameter::vector("weight", slopes)],
        calls: Calls {
            init: Some(vec![Option(quote!(#init)), grad_weight.clone(), Rng]),
            forward: Some(vec![weight.clone(), Value]),
            backward_parameters: Some(vec![Input, GradOutput, grad_weight]),
            backward_input: Some(vec![weight, Input, Grad]),
            step: if slopes == 1 { Step::Each } else { Step::Infer(Axis::Last) },
            ..Calls::default()
        },
        ..Layer::new(context.input.clone())
    })
}

fn wrong_number(context: &Context, slopes: usize, channels: usize) -> Diagnostic {
    let input = context.input;
    let error = format!("`prelu` has {slopes} slopes, but its input has shape {input}");
    context.error_at(&NUM_PARAMETERS, error).help(if channels == 1 {
        "write `prelu`, which has one slope for all".into()
    } else {
        format!("write `prelu`, which has one slope for all, or `prelu({channels})`, which has one for each of the first dimension")
    })
}
