//! `gru(hidden_size)`: `[steps, features]` to `[steps, hidden]`, with a streaming form.

use super::{Argument, Cache, Calls, Context, Definition, Infer, Layer, Parameter, Step};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "gru",
    options: &[OptionSpec::new("hidden_size", Kind::Size, Unwritten::Required)],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    use Argument::{GradInput, GradOutput, Gradient, Input, Output, Parameter as Value, Rng, State};
    let hidden = context.options.size("hidden_size");
    let [steps, features] = *context.input.sizes() else {
        return Err(context
            .wrong_shape("[steps, features]")
            .help("declare the input as a sequence, such as `[32, 8]` for 32 steps of 8 features"));
    };
    let output = context.output(vec![steps, hidden])?;
    let cache = context.output(vec![steps, 4, hidden])?.len();
    let names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    let (all, gradients) = (names.map(Value), names.map(Gradient));
    Ok(Layer {
        output: Some(output),
        parameters: vec![
            Parameter::matrix("weight_ih", 3 * hidden, features),
            Parameter::matrix("weight_hh", 3 * hidden, hidden),
            Parameter::vector("bias_ih", 3 * hidden),
            Parameter::vector("bias_hh", 3 * hidden),
        ],
        cache: Some(Cache::Lanes(cache)),
        multiply_adds: (steps * 3 * hidden) as u64 * (features + hidden) as u64,
        calls: Calls {
            init: Some([&gradients[..], &[Rng]].concat()),
            forward: Some([&all[..], &[Input, Output, Argument::Cache]].concat()),
            infer: Infer::Call([&all[..], &[Input, Output]].concat()),
            backward_shared: Some(vec![Value("weight_hh"), Output, Argument::Cache, GradOutput]),
            backward_parameters: Some([&[Input, Output, Argument::Cache], &gradients[..]].concat()),
            backward_input: Some(vec![Value("weight_ih"), Argument::Cache, GradInput]),
            step: Step::Call(hidden, [&all[..], &[State, Input, Output]].concat()),
        },
        ..Layer::default()
    })
}
