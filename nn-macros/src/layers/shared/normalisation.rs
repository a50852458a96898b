//! What the layers that normalise share.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::model::definition::Context;
use crate::model::options::{Key, OptionSpec, text};
use crate::model::spec::{Argument, Axis, Cache, Calls, Infer, Layer, MiniBatch, Parameter, Step};

/// The number that is added to a variance so that nothing is divided by 0.
pub const EPS: Key<f64> = Key::number_between("eps", 0.0, f64::INFINITY);
const MOMENTUM: Key<f64> = Key::number_between("momentum", 0.0, 1.0);

/// The options of batch normalisation.
pub const BATCH_OPTIONS: &[OptionSpec] = &[EPS.or(1e-5), MOMENTUM.or(0.1)];

/// Whether `eps` is something to add to a variance: in PyTorch the first value is a size of the input.
pub fn check_eps<V>(context: &Context, key: &Key<V>, eps: f64) -> Result<(), Diagnostic> {
    if eps < 1.0 {
        return Ok(());
    }
    let error = format!("`{}` of `{}` must be small (below 1), found {}", key.name, context.keyword, text(eps));
    Err(context.error_at(key, error).help("the size of the input is known, and not written: leave it out"))
}

/// Batch normalisation of `channels`.
pub fn by_batch(context: &Context, channels: usize) -> Result<Layer, Diagnostic> {
    use Argument::{GradOutput, Gradient, Input, InputThenGrad, Output, Parameter as Value, Pass, Rng};
    let (eps, momentum) = (context.options.get(&EPS), context.options.get(&MOMENTUM));
    check_eps(context, &EPS, eps)?;
    let (eps, momentum) = ([Argument::Option(quote!(#eps))], Argument::Option(quote!(#momentum)));
    let names = ["weight", "bias", "running_mean", "running_var"];
    let all = names.map(Value);
    let statistics = [Value("running_mean"), Value("running_var")];
    let gradients = names.map(Gradient);
    Ok(Layer {
        parameters: vec![
            Parameter::vector("weight", channels),
            Parameter::vector("bias", channels),
            Parameter::state("running_mean", channels),
            Parameter::state("running_var", channels),
        ],
        cache: Some(Cache::Matrix(channels, 2)),
        multiply_adds: context.input.len() as u64,
        // a single value has no variance
        mini_batch: if context.input.len() == channels { MiniBatch::SeveralInOneTile } else { MiniBatch::OneTile },
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
            step: Step::Infer(Axis::Last),
            ..Calls::default()
        },
        ..Layer::new(context.input.clone())
    })
}

/// Normalisation of the groups of each sample, with these parameters of `weights` entries, which keeps `kept` lanes.
/// `division`, how the groups are formed, goes to every call, `eps` to the forward ones.
pub fn by_groups(
    context: &Context,
    division: Option<Argument>,
    eps: Argument,
    parameters: &[&'static str],
    weights: usize,
    kept: usize,
) -> Layer {
    use Argument::{GradOutput, Gradient, Input, InputThenGrad, Output, Parameter as Value, Rng};
    let division: Vec<_> = division.into_iter().collect();
    let options = [&division[..], &[eps]].concat();
    let all: Vec<_> = parameters.iter().map(|name| Value(name)).collect();
    let gradients: Vec<_> = parameters.iter().map(|name| Gradient(name)).collect();
    let kept_before = [Argument::Cache, GradOutput];
    Layer {
        parameters: parameters.iter().map(|name| Parameter::vector(name, weights)).collect(),
        cache: Some(Cache::Lanes(kept)),
        multiply_adds: context.input.len() as u64,
        calls: Calls {
            init: Some([&gradients[..], &[Rng]].concat()),
            forward: Some([&options[..], &all, &[Input, Output, Argument::Cache]].concat()),
            infer: Infer::Call([&options[..], &all, &[Input, Output]].concat()),
            backward_parameters: Some([&division[..], &[Input], &kept_before, &gradients].concat()),
            backward_input: Some([&division[..], &[Value("weight")], &kept_before, &[InputThenGrad]].concat()),
            ..Calls::default()
        },
        ..Layer::new(context.input.clone())
    }
}
