//! Attention of several heads to a sequence. PyTorch: `torch.nn.MultiheadAttention(E, num_heads, kdim=, vdim=, batch_first=True)`.
//!
//! ```text
//! q             = q_weight · input + q_bias                      [BATCH, steps, E]
//! k             = k_weight · key + k_bias                        [BATCH, key_steps, KV]    KV = kv_heads · D
//! v             = v_weight · value + v_bias                      [BATCH, key_steps, KV]    D = E / heads features each
//! q, k          = turned by the angles of their steps            if they are rotary
//! scores[i, j]  = Σ_d q[i, d] · k[j, d] / √D                     [BATCH, heads, steps, key_steps]
//! weights[i, j] = exp(scores[i, j]) / Σ_j exp(scores[i, j])      [BATCH, heads, steps, key_steps]
//! context[i, d] = Σ_j weights[i, j] · v[j, d]                    [BATCH, steps, E]         heads side by side
//! output        = out_proj_weight · context + out_proj_bias      [BATCH, steps, E]
//! ```
//!
//! Self-attention takes its input as key and value too. Elsewhere, without a value, the key is the value. `input` and `output`
//! are `[BATCH, steps · E]`. The projections are one weight, `in_proj_weight` of `[E + 2 · KV, E]`, in whose rows q comes
//! first, then k, then v; or three, where the features of key or value are not E. The bias has all rows. `out_proj_weight` is
//! `[E, E]`. As many heads of queries as `heads / kv_heads` share a head of keys and values, neighbours the same one:
//! PyTorch's `enable_gqa`.
//!
//! The largest score of a row is subtracted before the exponential. If the layer is causal, the query of step i knows nothing
//! of the keys of steps j > i: their weights are 0, and their scores are not computed. With keys of other steps than the
//! queries, that is PyTorch's rule too: both begin at step 0. A sample's `lengths` say how many of its keys are no padding: the
//! weights of the others are 0, as with PyTorch's `key_padding_mask`. A sample of length 0 gets the bias of the output.
//! A product of a query and a key that is too large for the type makes its row NaN, as in PyTorch.
//!
//! The angle of pair i of a head's features, at a step counted from 0, is `step · rope_theta^(-2i / D)`. Su and others,
//! "`RoFormer`: Enhanced Transformer with Rotary Position Embedding" (2021), turn the pair of features 2i and 2i + 1, which are
//! interleaved, as torchtune's `RotaryPositionalEmbeddings` does; Llama in Hugging Face's `transformers`, and GPT-NeoX, turn
//! features i and i + D / 2, the halves:
//!
//! ```text
//! a, b = a · cos(angle) - b · sin(angle), b · cos(angle) + a · sin(angle)
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_context          = out_proj_weightᵀ · grad_output
//! grad_weights[i, j]    = Σ_d grad_context[i, d] · v[j, d]
//! grad_v[j, d]          = Σ_head Σ_i weights[i, j] · grad_context[i, d]  over the heads that share it
//! grad_scores[i, j]     = weights[i, j] / √D · (grad_weights[i, j]       term 1: through its own exponential
//!                         - Σ_j weights[i, j] · grad_weights[i, j])      term 2: through the sum of all
//! grad_q[i, d]          = Σ_j grad_scores[i, j] · k[j, d]
//! grad_k[j, d]          = Σ_head Σ_i grad_scores[i, j] · q[i, d]
//! grad_q, grad_k        = turned back                                    if they are rotary
//!
//! grad_q_weight        += Σ_batch Σ_step grad_q · input                  k and v alike, of key and value
//! grad_q_bias          += Σ_batch Σ_step grad_q
//! grad_out_proj_weight += Σ_batch Σ_step grad_output · context
//! grad_out_proj_bias   += Σ_batch Σ_step grad_output
//! grad_input            = q_weightᵀ · grad_q                             key and value alike
//! ```
//!
//! Cached: q, k and v, of which `backward_shared` makes their gradients, context, and weights, unless these are kept
//! elsewhere, to be read after the pass.

mod backward;
mod forward;
mod rotation;
mod sizes;
#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use self::backward::Backward;
use self::forward::Attention;
use self::rotation::Rotate;
pub use self::rotation::{Halves, Interleaved, Rotation, Unrotated};
use self::sizes::Heads;
pub use self::sizes::Sizes;
pub use crate::families::lengths::{Lengths, Whole};
pub use crate::families::positions::Positions;
use crate::init;
use crate::kernels::Isa;
use crate::kernels::dense::{self, AddInputGradient, Steps};
use crate::scalar::Scalar;

/// Draws the weights of q, k and v as [`init::xavier_uniform`] does, and `out_proj_weight` evenly from `-1/√E` to `1/√E`;
/// biases are 0.
pub fn init<T: Scalar, R: Rng + ?Sized, const WEIGHTS: usize, const BIASES: usize, const E: usize>(
    sizes: Sizes,
    in_proj_weight: [&mut [T]; WEIGHTS],
    in_proj_bias: [&mut [T]; BIASES],
    out_proj_weight: &mut SMatrix<T, E, E>,
    out_proj_bias: Option<&mut SVector<T, E>>,
    rng: &mut R,
) {
    for (weight, fans) in in_proj_weight.into_iter().zip(sizes.fans(WEIGHTS)) {
        init::draw::uniform(weight, init::bound(fans.xavier_std(1.0)), rng);
    }
    init::draw::uniform(out_proj_weight.as_mut_slice(), 1.0 / Scalar::sqrt(E as f64), rng);
    in_proj_bias.into_iter().flatten().for_each(|value| *value = T::ZERO);
    out_proj_bias.into_iter().for_each(init::zeros);
}

/// Overwrites `output`, and `cache`, which has columns for q, k, v, context, and weights; or the weights are kept in `weights`.
/// `memory` are key and value.
pub fn forward<
    I: Isa,
    T: Scalar,
    R: Rotation<T>,
    L: Lengths<BATCH>,
    const WEIGHTS: usize,
    const BIASES: usize,
    const BATCH: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    sizes: Sizes,
    _rotation: R,
    lengths: L,
    in_proj_weight: [&[T]; WEIGHTS],
    in_proj_bias: [&[T]; BIASES],
    out_proj_weight: &SMatrix<T, E, E>,
    out_proj_bias: Option<&SVector<T, E>>,
    memory: [Option<&[T]>; 2],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    cache: &mut SMatrix<T, BATCH, CACHE>,
    weights: Option<&mut [T]>,
) {
    let (qkv, rest) = cache.as_mut_slice().split_at_mut_checked(sizes.qkv() * BATCH).unwrap_or_default();
    let (context, cached) = rest.split_at_mut_checked(N * BATCH).unwrap_or_default();
    for part in sizes.projections(WEIGHTS) {
        isa.call_widest(Steps {
            distance: part.distance,
            work: dense::Forward::<T, BATCH> {
                weight: part.weight(&in_proj_weight),
                bias: in_proj_bias.first().map(|bias| part.bias(bias)),
                input: part.input(input.as_slice(), memory),
                output: part.lanes_mut::<T, BATCH>(qkv),
                features: part.features,
                out_features: part.rows,
            },
        });
    }
    let heads = Heads::new(sizes);
    if let Some(turns) = const { R::TURNS } {
        isa.call(Rotate::<T, BATCH> { heads, turns, is_back: false, qkv });
    }
    let weights = weights.unwrap_or(cached);
    isa.call_for::<_, BATCH>(Attention::<T, L, BATCH> { heads, lengths, qkv, context, weights });
    isa.call_widest(Steps {
        distance: E,
        work: dense::Forward::<T, BATCH> {
            weight: out_proj_weight.as_slice(),
            bias: out_proj_bias.map(SVector::as_slice),
            input: context,
            output: output.as_mut_slice(),
            features: E,
            out_features: E,
        },
    });
}

/// Overwrites `output`, and `scratch`, which has columns for q, k, v, context, and the weights of a head; or all weights are
/// kept in `weights`.
pub fn infer<
    I: Isa,
    T: Scalar,
    R: Rotation<T>,
    L: Lengths<BATCH>,
    const WEIGHTS: usize,
    const BIASES: usize,
    const BATCH: usize,
    const E: usize,
    const N: usize,
    const SCRATCH: usize,
>(
    isa: I,
    sizes: Sizes,
    rotation: R,
    lengths: L,
    in_proj_weight: [&[T]; WEIGHTS],
    in_proj_bias: [&[T]; BIASES],
    out_proj_weight: &SMatrix<T, E, E>,
    out_proj_bias: Option<&SVector<T, E>>,
    memory: [Option<&[T]>; 2],
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    scratch: &mut SMatrix<T, BATCH, SCRATCH>,
    weights: Option<&mut [T]>,
) {
    forward(
        isa,
        sizes,
        rotation,
        lengths,
        in_proj_weight,
        in_proj_bias,
        out_proj_weight,
        out_proj_bias,
        memory,
        input,
        output,
        scratch,
        weights,
    );
}

/// Overwrites `cache` with the gradients of q, k and v, which the other functions need. `scratch` has `N` columns, those of
/// the weights of a head, and those of its keys, three times where heads share them.
pub fn backward_shared<
    I: Isa,
    T: Scalar,
    R: Rotation<T>,
    const BATCH: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
    const SCRATCH: usize,
>(
    isa: I,
    sizes: Sizes,
    _rotation: R,
    out_proj_weight: &SMatrix<T, E, E>,
    cache: &mut SMatrix<T, BATCH, CACHE>,
    weights: Option<&mut [T]>,
    grad_output: &SMatrix<T, BATCH, N>,
    scratch: &mut SMatrix<T, BATCH, SCRATCH>,
) {
    let lanes = BATCH * N;
    let (qkv, rest) = cache.as_mut_slice().split_at_mut_checked(sizes.qkv() * BATCH).unwrap_or_default();
    let cached = rest.get(lanes..).unwrap_or_default();
    let (grad_context, scratch) = scratch.as_mut_slice().split_at_mut_checked(lanes).unwrap_or_default();
    isa.call_for::<_, BATCH>(dense::BackwardInput::<T, BATCH> {
        weight: out_proj_weight.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_input: grad_context,
        features: E,
        out_features: E,
    });
    let heads = Heads::new(sizes);
    let weights = weights.map_or(cached, |weights| &*weights);
    isa.call_for::<_, BATCH>(Backward::<T, BATCH> { heads, qkv, weights, grad_context, scratch });
    if let Some(turns) = const { R::TURNS } {
        isa.call(Rotate::<T, BATCH> { heads, turns, is_back: true, qkv });
    }
}

/// Adds to the gradients of the parameters.
pub fn backward_parameters<
    I: Isa,
    T: Scalar,
    const WEIGHTS: usize,
    const BIASES: usize,
    const BATCH: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    sizes: Sizes,
    memory: [Option<&[T]>; 2],
    input: &SMatrix<T, BATCH, N>,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad_output: &SMatrix<T, BATCH, N>,
    mut grad_in_proj_weight: [&mut [T]; WEIGHTS],
    mut grad_in_proj_bias: [&mut [T]; BIASES],
    grad_out_proj_weight: &mut SMatrix<T, E, E>,
    grad_out_proj_bias: Option<&mut SVector<T, E>>,
) {
    let (grad_qkv, rest) = cache.as_slice().split_at_checked(sizes.qkv() * BATCH).unwrap_or_default();
    for part in sizes.projections(WEIGHTS) {
        isa.call_widest(Steps {
            distance: part.distance,
            work: dense::BackwardParameters::<T, BATCH> {
                input: part.input(input.as_slice(), memory),
                grad_output: part.lanes::<T, BATCH>(grad_qkv),
                grad_weight: part.weight_mut(&mut grad_in_proj_weight),
                grad_bias: grad_in_proj_bias.first_mut().map_or(&mut [], |bias| part.bias_mut(bias)),
                features: part.features,
                out_features: part.rows,
            },
        });
    }
    isa.call_widest(Steps {
        distance: E,
        work: dense::BackwardParameters::<T, BATCH> {
            input: rest.get(..N * BATCH).unwrap_or_default(),
            grad_output: grad_output.as_slice(),
            grad_weight: grad_out_proj_weight.as_mut_slice(),
            grad_bias: grad_out_proj_bias.map_or(&mut [], |bias| bias.as_mut_slice()),
            features: E,
            out_features: E,
        },
    });
}

/// Overwrites `grad_input`.
pub fn backward_input<
    I: Isa,
    T: Scalar,
    const WEIGHTS: usize,
    const BATCH: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    sizes: Sizes,
    in_proj_weight: [&[T]; WEIGHTS],
    cache: &SMatrix<T, BATCH, CACHE>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    input_gradient(isa, sizes, 0, in_proj_weight, cache, grad_input);
}

/// Overwrites `grad`, the gradient of the key, which may be the value too.
pub fn backward_key<I: Isa, T: Scalar, const WEIGHTS: usize, const BATCH: usize, const N: usize, const CACHE: usize>(
    isa: I,
    sizes: Sizes,
    in_proj_weight: [&[T]; WEIGHTS],
    cache: &SMatrix<T, BATCH, CACHE>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    input_gradient(isa, sizes, 1, in_proj_weight, cache, grad);
}

/// Overwrites `grad`, the gradient of the value.
pub fn backward_value<
    I: Isa,
    T: Scalar,
    const WEIGHTS: usize,
    const BATCH: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    sizes: Sizes,
    in_proj_weight: [&[T]; WEIGHTS],
    cache: &SMatrix<T, BATCH, CACHE>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    input_gradient(isa, sizes, 2, in_proj_weight, cache, grad);
}

/// Overwrites `grad`, the gradient of the input of this number: of the input itself, of the key, or of the value.
fn input_gradient<I: Isa, T: Scalar, const WEIGHTS: usize, const BATCH: usize, const N: usize, const CACHE: usize>(
    isa: I,
    sizes: Sizes,
    number: usize,
    in_proj_weight: [&[T]; WEIGHTS],
    cache: &SMatrix<T, BATCH, CACHE>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    grad.fill(T::ZERO);
    for part in sizes.projections(WEIGHTS).filter(|part| part.source == number) {
        isa.call_for::<_, BATCH>(AddInputGradient::<T, BATCH> {
            weight: part.weight(&in_proj_weight),
            distance: part.distance,
            grad_output: part.lanes::<T, BATCH>(cache.as_slice()),
            grad_input: grad.as_mut_slice(),
            features: part.features,
            out_features: part.rows,
        });
    }
}

/// The kept weights of one row of a tile and one head: a row for each query, a column for each key. `None` if there is no
/// such row or head.
#[must_use]
pub fn weights<T: Scalar, const BATCH: usize, const WEIGHTS: usize, const STEPS: usize, const KEY_STEPS: usize>(
    weights: &SMatrix<T, BATCH, WEIGHTS>,
    row: usize,
    head: usize,
) -> Option<SMatrix<T, STEPS, KEY_STEPS>> {
    let head = weights.data.0.chunks_exact((STEPS * KEY_STEPS).max(1)).nth(head)?;
    let mut found = SMatrix::<T, STEPS, KEY_STEPS>::repeat(T::ZERO);
    for (query, keys) in head.chunks_exact(KEY_STEPS.max(1)).enumerate() {
        for (weight, lanes) in found.row_mut(query).iter_mut().zip(keys) {
            *weight = *lanes.get(row)?;
        }
    }
    Some(found)
}
