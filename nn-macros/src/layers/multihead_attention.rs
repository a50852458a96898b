//! `multihead_attention(num_heads, causal = false, bias = true, need_weights = false)` on `[steps, features]`.

use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::steps_and_features;
use crate::model::definition::{Context, Definition};
use crate::model::options::Key;
use crate::model::shape::{Shape, nearest_divisor};
use crate::model::spec::{Argument, Cache, Calls, Infer, Kept, Layer, Parameter, Step};

const NUM_HEADS: Key<usize> = Key::size("num_heads");
const CAUSAL: Key<bool> = Key::bool("causal");
const BIAS: Key<bool> = Key::bool("bias");
const NEED_WEIGHTS: Key<bool> = Key::bool("need_weights");

pub const DEFINITION: Definition = Definition {
    keyword: "multihead_attention",
    options: &[NUM_HEADS.required(), CAUSAL.or(false), BIAS.or(true), NEED_WEIGHTS.or(false)],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let options = context.options;
    let [steps, features] = steps_and_features(context)?;
    let num_heads = options.get(&NUM_HEADS);
    check_heads(context, num_heads, features)?;
    let (pairs, weights) = (steps.saturating_mul(steps), weights(context, num_heads, steps)?);
    context.output(vec![steps, 4, features])?;
    let values = steps * features;

    let (causal, need_weights) = (options.get(&CAUSAL), options.get(&NEED_WEIGHTS));
    let mut parameters = vec![Parameter::matrix("in_proj_weight", 3 * features, features)];
    if options.get(&BIAS) {
        parameters.push(Parameter::vector("in_proj_bias", 3 * features));
    }
    parameters.push(Parameter::matrix("out_proj.weight", features, features));
    if options.get(&BIAS) {
        parameters.push(Parameter::vector("out_proj.bias", features));
    }
    let seen = if causal { steps * (steps + 1) / 2 } else { pairs };
    Ok(Layer {
        parameters,
        cache: Some(Cache::Lanes(4 * values + if need_weights { 0 } else { weights })),
        kept: need_weights.then_some(Kept { heads: num_heads, steps }),
        multiply_adds: (4 * values) as u64 * features as u64 + (2 * seen) as u64 * features as u64,
        calls: calls(
            &[quote!(#num_heads), quote!(#causal)].map(Argument::Option),
            4 * values + if need_weights { 0 } else { pairs },
            values + pairs + values / num_heads,
        ),
        ..Layer::new(context.input.clone())
    })
}

/// The calls, of which two have memory of their own, of so many scalars a sample.
fn calls(options: &[Argument], infer: usize, backward_shared: usize) -> Calls {
    use Argument::{
        Cache, GradInput, GradOutput, Gradient, Input, OptionalGradient, OptionalKept, OptionalParameter, Output,
        Parameter, Rng, Scratch,
    };
    let all = [
        Parameter("in_proj_weight"),
        OptionalParameter("in_proj_bias"),
        Parameter("out_proj.weight"),
        OptionalParameter("out_proj.bias"),
    ];
    let gradients = [
        Gradient("in_proj_weight"),
        OptionalGradient("in_proj_bias"),
        Gradient("out_proj.weight"),
        OptionalGradient("out_proj.bias"),
    ];
    let run = |memory| [options, &all, &[Input, Output, memory, OptionalKept]].concat();
    let shared = [Parameter("out_proj.weight"), Cache, OptionalKept, GradOutput, Scratch(backward_shared)];
    Calls {
        init: Some([&gradients[..], &[Rng]].concat()),
        forward: Some(run(Cache)),
        infer: Infer::Call(run(Scratch(infer))),
        backward_shared: Some([options, &shared].concat()),
        backward_parameters: Some([&[Input, Cache, GradOutput], &gradients[..]].concat()),
        backward_input: Some(vec![Parameter("in_proj_weight"), Cache, GradInput]),
        step: Step::Never("attends to all steps of the sequence"),
    }
}

fn check_heads(context: &Context, num_heads: usize, features: usize) -> Result<(), Diagnostic> {
    if features.is_multiple_of(num_heads) {
        return Ok(());
    }
    let error = format!("`{}` has {num_heads} heads, which do not divide its {features} features", context.keyword);
    let help = format!(
        "each head takes as many of the features: use {} heads, for example",
        nearest_divisor(features, num_heads)
    );
    Err(context.error_at(&NUM_HEADS, error).help(help))
}

/// The number of weights, unless it is unreasonably large.
fn weights(context: &Context, num_heads: usize, steps: usize) -> Result<usize, Diagnostic> {
    let weights = Shape::new(vec![num_heads, steps, steps]).map_err(|problem| {
        let error = format!("`{}` cannot make the weights of its heads: {problem}", context.keyword);
        Diagnostic::new(context.keyword.span(), error).help("make the sequence shorter")
    })?;
    Ok(weights.len())
}
