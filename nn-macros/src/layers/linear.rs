//! `linear(out_features, bias = true)` on `[features]`, or on each step of `[steps, features]`.

use super::{Argument, Axis, Calls, Context, Definition, Layer, Parameter, Step};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "linear",
    options: &[
        OptionSpec::new("out_features", Kind::Size, Unwritten::Required),
        OptionSpec::new("bias", Kind::Bool, Unwritten::Bool(true)),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let out_features = context.options.size("out_features");
    let (steps, in_features, output) = match *context.input.sizes() {
        [features] => (1, features, vec![out_features]),
        [steps, features] => (steps, features, vec![steps, out_features]),
        _ => {
            return Err(context.wrong_shape("[features] or [steps, features]", 2, "add `flatten` before this layer"));
        }
    };
    let output = context.output(output)?;
    let mut parameters = vec![Parameter::matrix("weight", out_features, in_features)];
    if context.options.bool("bias") {
        parameters.push(Parameter::vector("bias", out_features));
    }
    let (weight, bias) = (Argument::Parameter("weight"), Argument::OptionalParameter("bias"));
    let (grad_weight, grad_bias) = (Argument::Gradient("weight"), Argument::OptionalGradient("bias"));
    Ok(Layer {
        output: Some(output),
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
        ..Layer::default()
    })
}
