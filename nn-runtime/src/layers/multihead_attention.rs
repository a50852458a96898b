//! Self-attention of several heads to a sequence. PyTorch: `torch.nn.MultiheadAttention(E, num_heads, batch_first=True)` with
//! one sequence as query, key and value.
//!
//! ```text
//! (q, k, v)     = in_proj_weight · input + in_proj_bias          [BATCH, steps, 3 · E]
//! scores[i, j]  = Σ_d q[i, d] · k[j, d] / √D                     [BATCH, heads, steps, steps]   D = E / heads features each
//! weights[i, j] = exp(scores[i, j]) / Σ_j exp(scores[i, j])      [BATCH, heads, steps, steps]
//! context[i, d] = Σ_j weights[i, j] · v[j, d]                    [BATCH, steps, E]              heads side by side
//! output        = out_proj_weight · context + out_proj_bias      [BATCH, steps, E]
//! ```
//!
//! `input` and `output` are `[BATCH, steps · E]`, `in_proj_weight` is `[QKV, E]` with QKV = 3 · E, `out_proj_weight` is
//! `[E, E]`. The largest score of a row is subtracted before the exponential. If the layer is causal, a step i knows nothing
//! of the steps j > i: their weights are 0, and their scores are not computed.
//! No row of scores is without an entry, so no sum is 0. A product of a query and a key that is too large for the type makes
//! its row NaN, as in PyTorch.
//!
//! # Backward
//!
//! ```text
//! grad_context          = out_proj_weightᵀ · grad_output
//! grad_weights[i, j]    = Σ_d grad_context[i, d] · v[j, d]
//! grad_v[j, d]          = Σ_i weights[i, j] · grad_context[i, d]
//! grad_scores[i, j]     = weights[i, j] / √D · (grad_weights[i, j]       term 1: through its own exponential
//!                         - Σ_j weights[i, j] · grad_weights[i, j])      term 2: through the sum of all
//! grad_q[i, d]          = Σ_j grad_scores[i, j] · k[j, d]
//! grad_k[j, d]          = Σ_i grad_scores[i, j] · q[i, d]
//!
//! grad_in_proj_weight  += Σ_batch Σ_step (grad_q, grad_k, grad_v) · input
//! grad_in_proj_bias    += Σ_batch Σ_step (grad_q, grad_k, grad_v)
//! grad_out_proj_weight += Σ_batch Σ_step grad_output · context
//! grad_out_proj_bias   += Σ_batch Σ_step grad_output
//! grad_input            = in_proj_weightᵀ · (grad_q, grad_k, grad_v)
//! ```
//!
//! Cached: q, k and v, of which `backward_shared` makes their gradients, context, and weights, unless these are kept
//! elsewhere, to be read after the pass.

mod backward;
mod forward;
#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use self::backward::Backward;
use self::forward::Attention;
use crate::init;
use crate::kernels::Isa;
use crate::kernels::dense::{self, Steps};
use crate::kernels::per_sample::Sizes;
use crate::scalar::Scalar;

/// Draws `in_proj_weight` as [`init::xavier_uniform`] does, and `out_proj_weight` evenly from `-1/√E` to `1/√E`; biases
/// are 0.
pub fn init<T: Scalar, R: Rng + ?Sized, const QKV: usize, const E: usize>(
    in_proj_weight: &mut SMatrix<T, QKV, E>,
    in_proj_bias: Option<&mut SVector<T, QKV>>,
    out_proj_weight: &mut SMatrix<T, E, E>,
    out_proj_bias: Option<&mut SVector<T, E>>,
    rng: &mut R,
) {
    let std = init::Fans::of(in_proj_weight).xavier_std(1.0);
    init::draw::uniform(in_proj_weight, init::bound(std), rng);
    init::draw::uniform(out_proj_weight.as_mut_slice(), 1.0 / Scalar::sqrt(E as f64), rng);
    in_proj_bias.into_iter().for_each(init::zeros);
    out_proj_bias.into_iter().for_each(init::zeros);
}

/// Overwrites `output`, and `cache`, which has `4 · N` columns and as many as there are weights; or these are kept in
/// `weights`.
pub fn forward<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const QKV: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    num_heads: usize,
    is_causal: bool,
    in_proj_weight: &SMatrix<T, QKV, E>,
    in_proj_bias: Option<&SVector<T, QKV>>,
    out_proj_weight: &SMatrix<T, E, E>,
    out_proj_bias: Option<&SVector<T, E>>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    cache: &mut SMatrix<T, BATCH, CACHE>,
    weights: Option<&mut [T]>,
) {
    let lanes = BATCH * N;
    let (qkv, rest) = cache.as_mut_slice().split_at_mut_checked(3 * lanes).unwrap_or_default();
    let (context, cached) = rest.split_at_mut_checked(lanes).unwrap_or_default();
    isa.call_widest(Steps(dense::Forward::<T, BATCH> {
        weight: in_proj_weight.as_slice(),
        bias: in_proj_bias.map(SVector::as_slice),
        input: input.as_slice(),
        output: qkv,
        features: E,
        out_features: QKV,
    }));
    let heads = Heads::new(num_heads, is_causal, N, E);
    isa.call_for::<_, BATCH>(Attention::<T, BATCH> { heads, qkv, context, weights: weights.unwrap_or(cached) });
    isa.call_widest(Steps(dense::Forward::<T, BATCH> {
        weight: out_proj_weight.as_slice(),
        bias: out_proj_bias.map(SVector::as_slice),
        input: context,
        output: output.as_mut_slice(),
        features: E,
        out_features: E,
    }));
}

/// Overwrites `output`, and `scratch`, which has `4 · N` columns and as many as a head has weights; or all weights are kept
/// in `weights`.
pub fn infer<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const QKV: usize,
    const E: usize,
    const N: usize,
    const SCRATCH: usize,
>(
    isa: I,
    num_heads: usize,
    is_causal: bool,
    in_proj_weight: &SMatrix<T, QKV, E>,
    in_proj_bias: Option<&SVector<T, QKV>>,
    out_proj_weight: &SMatrix<T, E, E>,
    out_proj_bias: Option<&SVector<T, E>>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    scratch: &mut SMatrix<T, BATCH, SCRATCH>,
    weights: Option<&mut [T]>,
) {
    forward(
        isa,
        num_heads,
        is_causal,
        in_proj_weight,
        in_proj_bias,
        out_proj_weight,
        out_proj_bias,
        input,
        output,
        scratch,
        weights,
    );
}

/// Overwrites `cache` with the gradients of q, k and v, which the other two functions need. `scratch` has `N` columns,
/// those of the weights of a head, and those of the keys of a head.
pub fn backward_shared<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
    const SCRATCH: usize,
>(
    isa: I,
    num_heads: usize,
    is_causal: bool,
    out_proj_weight: &SMatrix<T, E, E>,
    cache: &mut SMatrix<T, BATCH, CACHE>,
    weights: Option<&mut [T]>,
    grad_output: &SMatrix<T, BATCH, N>,
    scratch: &mut SMatrix<T, BATCH, SCRATCH>,
) {
    let lanes = BATCH * N;
    let (qkv, rest) = cache.as_mut_slice().split_at_mut_checked(3 * lanes).unwrap_or_default();
    let cached = rest.get(lanes..).unwrap_or_default();
    let (grad_context, scratch) = scratch.as_mut_slice().split_at_mut_checked(lanes).unwrap_or_default();
    isa.call_for::<_, BATCH>(dense::BackwardInput::<T, BATCH> {
        weight: out_proj_weight.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_input: grad_context,
        features: E,
        out_features: E,
    });
    let heads = Heads::new(num_heads, is_causal, N, E);
    let weights = weights.map_or(cached, |weights| &*weights);
    isa.call_for::<_, BATCH>(Backward::<T, BATCH> { heads, qkv, weights, grad_context, scratch });
}

/// Adds to the gradients of the parameters.
pub fn backward_parameters<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const QKV: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    input: &SMatrix<T, BATCH, N>,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_in_proj_weight: &mut SMatrix<T, QKV, E>,
    grad_in_proj_bias: Option<&mut SVector<T, QKV>>,
    grad_out_proj_weight: &mut SMatrix<T, E, E>,
    grad_out_proj_bias: Option<&mut SVector<T, E>>,
) {
    let lanes = BATCH * N;
    let (grad_qkv, rest) = cache.as_slice().split_at_checked(3 * lanes).unwrap_or_default();
    isa.call_widest(Steps(dense::BackwardParameters::<T, BATCH> {
        input: input.as_slice(),
        grad_output: grad_qkv,
        grad_weight: grad_in_proj_weight.as_mut_slice(),
        grad_bias: grad_in_proj_bias.map_or(&mut [], |bias| bias.as_mut_slice()),
        features: E,
        out_features: QKV,
    }));
    isa.call_widest(Steps(dense::BackwardParameters::<T, BATCH> {
        input: rest.get(..lanes).unwrap_or_default(),
        grad_output: grad_output.as_slice(),
        grad_weight: grad_out_proj_weight.as_mut_slice(),
        grad_bias: grad_out_proj_bias.map_or(&mut [], |bias| bias.as_mut_slice()),
        features: E,
        out_features: E,
    }));
}

/// Overwrites `grad_input`.
pub fn backward_input<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const QKV: usize,
    const E: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    in_proj_weight: &SMatrix<T, QKV, E>,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call_for::<_, BATCH>(dense::BackwardInput::<T, BATCH> {
        weight: in_proj_weight.as_slice(),
        grad_output: cache.as_slice().get(..3 * BATCH * N).unwrap_or_default(),
        grad_input: grad_input.as_mut_slice(),
        features: E,
        out_features: QKV,
    });
}

/// The kept weights of one row of a tile and one head: a row for each query, a column for each key. `None` if there is no
/// such row or head.
#[must_use]
pub fn weights<T: Scalar, const BATCH: usize, const WEIGHTS: usize, const STEPS: usize>(
    weights: &SMatrix<T, BATCH, WEIGHTS>,
    row: usize,
    head: usize,
) -> Option<SMatrix<T, STEPS, STEPS>> {
    let head = weights.data.0.chunks_exact((STEPS * STEPS).max(1)).nth(head)?;
    let mut found = SMatrix::<T, STEPS, STEPS>::repeat(T::ZERO);
    for (query, keys) in head.chunks_exact(STEPS.max(1)).enumerate() {
        for (weight, lanes) in found.row_mut(query).iter_mut().zip(keys) {
            *weight = *lanes.get(row)?;
        }
    }
    Some(found)
}

/// The heads of a layer.
#[derive(Clone, Copy)]
struct Heads {
    count: usize,
    /// The features of all heads.
    features: usize,
    /// Those of each head.
    sizes: Sizes,
}

impl Heads {
    fn new(count: usize, is_causal: bool, lanes: usize, features: usize) -> Self {
        let steps = lanes / features.max(1);
        let sizes = Sizes { queries: steps, keys: steps, features: features / count.max(1), is_causal };
        Self { count, features, sizes }
    }

    /// 1 / √D
    #[inline(always)]
    fn scale<T: Scalar>(self) -> T {
        T::from_f64(1.0 / Scalar::sqrt(self.sizes.features as f64))
    }
}
