//! `multihead_attention(num_heads, causal = false, bias = true, need_weights = false, ..)` on `[steps, features]`: of a sequence
//! to itself, or to another one.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::diagnostic::Diagnostic;
use crate::layers::shared::sequence::{self, check_numbers, steps_and_features};
use crate::model::definition::{Context, Definition};
use crate::model::options::{Key, MistakenFor, Word};
use crate::model::shape::{Shape, nearest_divisor};
use crate::model::spec::{Argument, Cache, Calls, Infer, Kept, Layer, Operand, Parameter, Step};

const NUM_HEADS: Key<usize> = Key::size("num_heads");
const CAUSAL: Key<bool> = Key::bool("causal");
const BIAS: Key<bool> = Key::bool("bias");
const NEED_WEIGHTS: Key<bool> = Key::bool("need_weights");
/// The sequence that is paid attention to.
const KEY: Key<Ident> = Key::value("key");
const VALUE: Key<Ident> = Key::value("value");
/// The steps of the key that are no padding.
const KEY_LENGTH: Key<Ident> = Key::value("key_length");
const NUM_KV_HEADS: Key<usize> = Key::size("num_kv_heads");
/// Which features of a head are turned in pairs.
const ROTARY: Key<Word> = Key::word("rotary", &["none", "interleaved", "halves"]);
const ROPE_THETA: Key<f64> = Key::number_between("rope_theta", 1.0, 1e9);

pub const DEFINITION: Definition = Definition {
    keyword: "multihead_attention",
    options: &[
        NUM_HEADS.required(),
        CAUSAL.or(false),
        BIAS.or(true),
        NEED_WEIGHTS.or(false),
        KEY.by_name(MistakenFor::Other("add_zero_attn")).or_nothing(),
        VALUE.or_nothing(),
        KEY_LENGTH.or_nothing(),
        NUM_KV_HEADS.or_same_as(&NUM_HEADS),
        ROTARY.or("none"),
        ROPE_THETA.or(10000.0),
    ],
    takes_indices: false,
    build,
};

fn build(context: &Context) -> Result<Layer, Diagnostic> {
    let options = context.options;
    let sizes = Sizes::of(context)?;
    let rotation = rotation(context, &sizes)?;
    let (lengths, length) = sequence::length(context, &KEY_LENGTH, sizes.steps[1])?;
    let weights = weights(context, &sizes)?;
    context.output(vec![sizes.steps[0].max(sizes.steps[1]), 4, sizes.features[0]])?;

    let need_weights = options.get(&NEED_WEIGHTS);
    let (names, biases) = (sizes.weight_names(), if options.get(&BIAS) { &["in_proj_bias"][..] } else { &[] });
    let ([steps, _], [features, ..]) = (sizes.steps, sizes.features);
    let values = sizes.projected() + steps * features;
    let (pairs, shared) = (sizes.pairs(), if sizes.kv_heads < sizes.heads { 3 } else { 1 });
    let calls = CallParts {
        options: [Argument::Option(sizes.tokens()), Argument::Option(rotation), lengths],
        weight: Argument::Slices(names),
        grad_weight: Argument::GradientSlices(names),
        bias: Argument::Slices(biases),
        grad_bias: Argument::GradientSlices(biases),
        memory: Argument::OptionalOperands(sizes.memory.to_vec()),
    };
    Ok(Layer {
        parameters: sizes.parameters(options.get(&BIAS)),
        cache: Some(Cache::Lanes(values + if need_weights { 0 } else { weights })),
        kept: need_weights.then_some(Kept { heads: sizes.heads, steps: sizes.steps }),
        multiply_adds: sizes.multiply_adds(),
        operands: calls.operands(sizes.memory).into_iter().chain(length).collect(),
        calls: calls.calls(
            values + if need_weights { 0 } else { pairs },
            steps * features + pairs + shared * sizes.steps[1] * sizes.head(),
        ),
        ..Layer::new(context.input.clone())
    })
}

/// The sizes of a layer.
struct Sizes {
    heads: usize,
    kv_heads: usize,
    /// The steps of the queries, and those of the keys.
    steps: [usize; 2],
    /// The features of the input, of the key, and of the value.
    features: [usize; 3],
    is_causal: bool,
    /// The places of key and value, where they are given.
    memory: [Option<usize>; 2],
}

impl Sizes {
    fn of(context: &Context) -> Result<Self, Diagnostic> {
        let options = context.options;
        let [steps, features] = steps_and_features(context)?;
        let heads = options.get(&NUM_HEADS);
        check_heads(context, heads, features)?;
        let kv_heads = options.get(&NUM_KV_HEADS);
        check_kv_heads(context, heads, kv_heads)?;
        let key = memory(context, &KEY)?;
        let value = memory(context, &VALUE)?;
        let (key_steps, key_features) = key.map_or((steps, features), |(_, [steps, features])| (steps, features));
        let value_features = match (key, value) {
            (None, Some(_)) => {
                let error = format!("`{}` has a `value`, but no `key`", context.keyword);
                let help = "the `key` alone is the value too: write `key = ..`, or both";
                return Err(context.error_at(&VALUE, error).help(help));
            }
            (_, Some((_, [value_steps, _]))) if value_steps != key_steps => {
                let error = format!(
                    "the `key` of `{}` has {key_steps} steps, but its `value` has {value_steps}",
                    context.keyword
                );
                return Err(context.error_at(&VALUE, error).help("each step of the key has a value"));
            }
            (_, Some((_, [_, features]))) => features,
            _ => key_features,
        };
        Ok(Self {
            heads,
            kv_heads,
            steps: [steps, key_steps],
            features: [features, key_features, value_features],
            is_causal: options.get(&CAUSAL),
            memory: [key, value].map(|memory| memory.map(|(place, _)| place)),
        })
    }

    /// The features of a head.
    fn head(&self) -> usize {
        self.features[0] / self.heads
    }

    /// The features that queries, keys and values are made of, and how many each has.
    fn projections(&self) -> [[usize; 2]; 3] {
        let keys = self.kv_heads * self.head();
        let [input, key, value] = self.features;
        [[input, self.features[0]], [key, keys], [value, keys]]
    }

    /// The values of queries, keys and values.
    fn projected(&self) -> usize {
        let [queries, keys] = self.steps;
        let [[_, q], [_, k], [_, v]] = self.projections();
        queries * q + keys * (k + v)
    }

    /// The pairs of a query and a key.
    fn pairs(&self) -> usize {
        self.steps[0] * self.steps[1]
    }

    /// PyTorch has one weight where key and value have as many features as the input.
    fn has_one_weight(&self) -> bool {
        self.features == [self.features[0]; 3]
    }

    fn weight_names(&self) -> &'static [&'static str] {
        if self.has_one_weight() { &["in_proj_weight"] } else { &["q_proj_weight", "k_proj_weight", "v_proj_weight"] }
    }

    fn parameters(&self, has_bias: bool) -> Vec<Parameter> {
        let (features, projections) = (self.features[0], self.projections());
        let rows = projections.iter().map(|[_, made]| made).sum();
        let weights: Vec<_> = if self.has_one_weight() {
            vec![Parameter::matrix("in_proj_weight", rows, features)]
        } else {
            let named = self.weight_names().iter().zip(projections);
            named.map(|(name, [features, made])| Parameter::matrix(name, made, features)).collect()
        };
        let bias = |name, rows| has_bias.then(|| Parameter::vector(name, rows));
        let out = Parameter::matrix("out_proj.weight", features, features);
        let ends = [bias("in_proj_bias", rows), Some(out), bias("out_proj.bias", features)];
        weights.into_iter().chain(ends.into_iter().flatten()).collect()
    }

    fn multiply_adds(&self) -> u64 {
        let ([queries, keys], [features, ..]) = (self.steps, self.features);
        let projected = self.projections().into_iter().zip([queries, keys, keys]);
        let projected = projected.map(|([from, to], steps)| (steps * to) as u64 * from as u64).sum::<u64>();
        let seen: usize = if self.is_causal { (1..=queries).map(|query| query.min(keys)).sum() } else { self.pairs() };
        projected + (queries * features + 2 * seen) as u64 * features as u64
    }

    /// As the runtime takes them.
    fn tokens(&self) -> TokenStream {
        let Self { heads, kv_heads, steps: [queries, keys], features: [input, key, value], is_causal, memory } = self;
        let source = memory.iter().flatten().count();
        quote!(nn::multihead_attention::Sizes {
            heads: #heads,
            kv_heads: #kv_heads,
            steps: [#queries, #keys],
            features: [#input, #key, #value],
            is_causal: #is_causal,
            value: #source
        })
    }
}

/// What the calls take besides the input, the output, and the parameters behind the attention.
struct CallParts {
    /// Sizes, rotation and lengths.
    options: [Argument; 3],
    weight: Argument,
    grad_weight: Argument,
    bias: Argument,
    grad_bias: Argument,
    memory: Argument,
}

impl CallParts {
    /// The calls, of which two have memory of their own, of so many scalars a sample.
    fn calls(self, infer: usize, backward_shared: usize) -> Calls {
        use Argument::{
            Cache, GradOutput, Gradient, Input, OptionalGradient, OptionalKept, OptionalParameter, Output, Parameter,
            Rng, Scratch,
        };
        let input_gradient = self.input_gradient();
        let Self { options, weight, grad_weight, bias, grad_bias, memory } = self;
        let (sizes, turned) = (&options[..1], &options[..2]);
        let out = [Parameter("out_proj.weight"), OptionalParameter("out_proj.bias")];
        let grad_out = [Gradient("out_proj.weight"), OptionalGradient("out_proj.bias")];
        let gradients = [&[grad_weight, grad_bias], &grad_out[..]].concat();
        let parameters = [&[weight, bias], &out[..]].concat();
        let run = |own| [&options[..], &parameters, &[memory.clone(), Input, Output, own, OptionalKept]].concat();
        let shared = [Parameter("out_proj.weight"), Cache, OptionalKept, GradOutput, Scratch(backward_shared)];
        Calls {
            init: Some([sizes, &gradients, &[Rng]].concat()),
            forward: Some(run(Cache)),
            infer: Infer::Call(run(Scratch(infer))),
            backward_shared: Some([turned, &shared].concat()),
            backward_parameters: Some([sizes, &[memory.clone(), Input, Cache, GradOutput], &gradients].concat()),
            backward_input: Some(input_gradient),
            step: Step::Never("needs the keys and values of other steps, which no state holds"),
        }
    }

    /// Key and value, where they are given.
    fn operands(&self, memory: [Option<usize>; 2]) -> Vec<Operand> {
        let given = [KEY.name, VALUE.name].into_iter().zip(memory).filter(|(_, place)| place.is_some());
        let operand = |option| Operand { option, most_steps: None, backward: Some(self.input_gradient()) };
        given.map(|(option, _)| operand(option)).collect()
    }

    /// The arguments of the calls that make the gradients of input, key and value.
    fn input_gradient(&self) -> Vec<Argument> {
        vec![self.options[0].clone(), self.weight.clone(), Argument::Cache, Argument::GradInput]
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

fn check_kv_heads(context: &Context, heads: usize, kv_heads: usize) -> Result<(), Diagnostic> {
    if heads.is_multiple_of(kv_heads) {
        return Ok(());
    }
    let error =
        format!("`{}` has {kv_heads} heads of keys and values, which do not divide its {heads} heads", context.keyword);
    let help = format!(
        "as many heads share each of them: write `num_kv_heads = {}`, for example",
        nearest_divisor(heads, kv_heads)
    );
    Err(context.error_at(&NUM_KV_HEADS, error).help(help))
}

/// The place of key or value, with its steps and features, if it is given.
fn memory(context: &Context, option: &Key<Ident>) -> Result<Option<(usize, [usize; 2])>, Diagnostic> {
    let Some((place, value)) = context.operand(option) else { return Ok(None) };
    check_numbers(context, option, value)?;
    let [steps, features] = *value.shape.sizes() else {
        let error = format!(
            "`{}` of `{}` has shape [steps, features], but the value has {}",
            option.name, context.keyword, value.shape
        );
        let help = match *value.shape.sizes() {
            [features] => format!("a sequence of one step is `reshape([1, {features}])`"),
            [channels, height, width] => {
                let pixels = height * width;
                format!(
                    "let the stage that makes it end with `reshape([{channels}, {pixels}]), transpose`: each pixel becomes a step"
                )
            }
            ref sizes => {
                let features = sizes.last().copied().unwrap_or(1);
                format!(
                    "let the stage that makes it end with `reshape([{}, {features}])`",
                    value.shape.len() / features
                )
            }
        };
        return Err(context.error_at(option, error).help(help));
    };
    Ok(Some((place, [steps, features])))
}

/// How queries and keys are turned by their positions.
fn rotation(context: &Context, sizes: &Sizes) -> Result<TokenStream, Diagnostic> {
    let (word, theta, head) = (context.options.get(&ROTARY), context.options.get(&ROPE_THETA), sizes.head());
    if word.text() == "none" {
        if context.options.extent(&ROPE_THETA).is_some() {
            let error = format!("`{}` has a `rope_theta`, but its queries and keys are not rotary", context.keyword);
            let help = "write `rotary = interleaved`, or `rotary = halves` for Llama's pairs";
            return Err(context.error_at(&ROPE_THETA, error).help(help));
        }
        return Ok(quote!(nn::multihead_attention::Unrotated));
    }
    if !head.is_multiple_of(2) {
        let (features, heads) = (sizes.features[0], sizes.heads);
        let error = format!(
            "rotary embeddings turn pairs of a head's features, but each head of `{}` has {head} of the {features} features",
            context.keyword
        );
        let even = (1..=features).filter(|heads| features.is_multiple_of(2 * heads));
        let help = match even.min_by_key(|count| count.abs_diff(heads)) {
            Some(heads) => format!("use {heads} heads, for example, of {} features", features / heads),
            None => "give the layer an even number of features".into(),
        };
        return Err(context.error_at(&ROTARY, error).help(help));
    }
    // two tables of about the same length
    let steps = sizes.steps[0].max(sizes.steps[1]);
    let fine = steps.isqrt();
    let (rotation, pairs, coarse, ln_theta) = (word.variant(), head / 2, steps.div_ceil(fine), theta.ln().to_bits());
    Ok(quote! {
        nn::multihead_attention::#rotation(
            nn::multihead_attention::Positions::<#head, #pairs, #fine, #coarse, #ln_theta>
        )
    })
}

/// The number of weights, unless it is unreasonably large.
fn weights(context: &Context, sizes: &Sizes) -> Result<usize, Diagnostic> {
    let [steps, key_steps] = sizes.steps;
    let weights = Shape::new(vec![sizes.heads, steps, key_steps]).map_err(|problem| {
        let error = format!("`{}` cannot make the weights of its heads: {problem}", context.keyword);
        Diagnostic::new(context.keyword.span(), error).help("make the sequence shorter")
    })?;
    Ok(weights.len())
}
