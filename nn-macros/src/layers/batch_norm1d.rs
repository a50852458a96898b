//! `batch_norm1d(eps = 1e-5, momentum = 0.1)` on `[channels]` or `[channels, length]`.

use quote::quote;

use super::{Argument, Cache, Calls, Context, Definition, Infer, Layer, Parameter};
use crate::diagnostic::Diagnostic;
use crate::options::{Default as Unwritten, Kind, OptionSpec};

pub const DEFINITION: Definition = Definition {
    keyword: "batch_norm1d",
    options: &[
        OptionSpec::new("eps", Kind::Float { least: 0.0, most: f64::INFINITY }, Unwritten::Float(1e-5)),
        OptionSpec::new("momentum", Kind::Float { least: 0.0, most: 1.0 }, Unwritten::Float(0.1)),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    use Argument::{GradOutput, Gradient, Input, InputThenGrad, Output, Parameter as Value, Pass, Rng};
    let ([channels] | [channels, _]) = *context.input.sizes() else {
        return Err(context.wrong_shape("[channels] or [channels, length]").help("add `flatten` before this layer"));
    };
    let (eps, momentum) = (context.options.float("eps"), context.options.float("momentum"));
    let (eps, momentum) = ([Argument::Option(quote!(#eps))], Argument::Option(quote!(#momentum)));
    let names = ["weight", "bias", "running_mean", "running_var"];
    let all = names.map(Value);
    let statistics = [Value("running_mean"), Value("running_var")];
    let gradients = names.map(Gradient);
    Ok(Layer {
        output: Some(context.input.clone()),
        parameters: vec![
            Parameter::vector("weight", channels),
            Parameter::vector("bias", channels),
            Parameter::state("running_mean", channels),
            Parameter::state("running_var", channels),
        ],
        cache: Some(Cache::Matrix(channels, 2)),
        multiply_adds: context.input.len() as u64,
        needs_whole_batch: true,
        calls: Calls {
            init: Some([&gradients[..], &[Rng]].concat()),
            forward: Some([&eps[..], &all[..], &[Input, Output, Argument::Cache, Pass]].concat()),
            infer: Infer::Call([&eps[..], &all[..], &[Input, Output]].concat()),
            backward_parameters: Some(
                [
                    &eps[..],
                    &[momentum],
                    &statistics[..],
                    &[Input, Argument::Cache, GradOutput],
                    &gradients[..],
                    &[Pass],
                ]
                .concat(),
            ),
            backward_input: Some(
                [&eps[..], &[Value("weight")], &statistics[..], &[Argument::Cache, GradOutput, InputThenGrad, Pass]]
                    .concat(),
            ),
            ..Calls::default()
        },
        ..Layer::default()
    })
}
