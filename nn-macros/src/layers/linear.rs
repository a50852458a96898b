//! `linear(out_features, bias = true)` on `[features]`, or on each step of `[steps, features]`.

use crate::diagnostic::Diagnostic;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::spec::{Argument, Axis, Calls, Layer, Parameter, Step};

const OUT_FEATURES: Key<usize> = Key::size("out_features");
const BIAS: Key<bool> = Key::bool("bias");

pub const DEFINITION: Definition =
    Definition { keyword: "linear", options: &[OUT_FEATURES.required(), BIAS.or(true)], takes_indices: false, build };

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let out_features = context.options.get(&OUT_FEATURES);
    let (steps, in_features, output) = match *context.input.sizes() {
        [features] => (1, features, vec![out_features]),
        [steps, features] => (steps, features, vec![steps, out_features]),
        _ => {
            return Err(context.wrong_shape("[features] or [steps, features]", 2, "add `flatten` before this layer"));
        }
    };
    let output = context.output(output)?;
    let mut parameters = vec![Parameter::matrix("weight", out_features, in_features)];
    if context.options.get(&BIAS) {
        parameters.push(Parameter::vector("bias", out_features));
    }
    let (weight, bias) = (Argument::Parameter("weight"), Argument::OptionalParameter("bias"));
    let (grad_weight, grad_bias) = (Argument::Gradient("weight"), Argument::OptionalGradient("bias"));
    Ok(Layer {
        parameters,
        multiply_adds: (steps * in_features) as u64 * out_features as u64,
        calls: Calls {
            init: Some(vec![grad_weight.clone(), grad_bias.clone(), Argument::Rng]),
            forward: Some(vec![weight.clone(), bias, Argument::Input, Argument::Output]),
            backward_parameters: Some(vec![Argument::Input, Argument::GradOutput, grad_weight, grad_bias]),
            backward_input: Some(vec![weight, Argument::GradOutput, Argument::GradInput]),
            step: Step::Infer(Axis::First),
            ..Calls::default()
        },
        ..Layer::new(output)
    })
}
