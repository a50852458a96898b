//! Gated recurrent unit over a sequence, from a hidden state of zeros. PyTorch: `torch.nn.GRU(IN, H, batch_first=True)`.
//!
//! ```text
//! r      = σ(weight_ih[r] · input + bias_ih[r] + weight_hh[r] · previous + bias_hh[r])    [BATCH, H]   each step
//! z      = σ(weight_ih[z] · input + bias_ih[z] + weight_hh[z] · previous + bias_hh[z])    [BATCH, H]
//! hidden = weight_hh[n] · previous + bias_hh[n]                                           [BATCH, H]
//! n      = tanh(weight_ih[n] · input + bias_ih[n] + r · hidden)                           [BATCH, H]
//! output = (1 - z) · n + z · previous                                                     [BATCH, H]
//! ```
//!
//! `input` is `[BATCH, steps · IN]`, `output` is `[BATCH, steps · H]`, `previous` is the output of the step before. The
//! rows of `weight_ih`, `[GATES, IN]`, `weight_hh`, `[GATES, H]`, and the biases, `[GATES]`, are those of r, z and n:
//! GATES = 3 · H.
//!
//! # Backward
//!
//! From the last step to the first; `grad_state` is the gradient of a step's output.
//!
//! ```text
//! grad_state  = grad_output                                    term 1: from the layer above
//!             + z' · grad_state'                               term 2: kept by the next step, its values with a dash
//!             + Σ_gates weight_hh · (grad_r', grad_z', grad_hidden')   term 3: through the gates of the next step
//! grad_n      = grad_state · (1 - z) · (1 - n²)
//! grad_hidden = grad_n · r
//! grad_r      = grad_n · hidden · r · (1 - r)
//! grad_z      = grad_state · (previous - n) · z · (1 - z)
//!
//! grad_weight_ih += Σ_batch Σ_step (grad_r, grad_z, grad_n) · input
//! grad_weight_hh += Σ_batch Σ_step (grad_r, grad_z, grad_hidden) · previous
//! grad_bias_ih   += Σ_batch Σ_step (grad_r, grad_z, grad_n)
//! grad_bias_hh   += Σ_batch Σ_step (grad_r, grad_z, grad_hidden)
//! grad_input      = Σ_gates weight_ih · (grad_r, grad_z, grad_n)
//! ```
//!
//! Cached, for each step: r, z, n and hidden, of which `backward_shared` makes their gradients, those of r, z and n
//! before the σ and the tanh.

#![expect(clippy::similar_names, reason = "weight_ih and weight_hh are PyTorch's names")]

mod backward;
mod forward;
#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use self::backward::{BackwardInput, BackwardParameters, BackwardShared, Gradients};
use self::forward::{Forward, Infer, Parameters};
use crate::init;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Draws all parameters evenly from `-1/√H` to `1/√H`.
pub fn init<T: Scalar, R: Rng + ?Sized, const GATES: usize, const IN: usize, const H: usize>(
    weight_ih: &mut SMatrix<T, GATES, IN>,
    weight_hh: &mut SMatrix<T, GATES, H>,
    bias_ih: &mut SVector<T, GATES>,
    bias_hh: &mut SVector<T, GATES>,
    rng: &mut R,
) {
    let bound = 1.0 / Scalar::sqrt(H as f64);
    init::uniform(weight_ih.as_mut_slice(), bound, rng);
    init::uniform(weight_hh.as_mut_slice(), bound, rng);
    init::uniform(bias_ih.as_mut_slice(), bound, rng);
    init::uniform(bias_hh.as_mut_slice(), bound, rng);
}

/// Overwrites `output`, and `cache`, which has `steps · 4 · H` columns.
pub fn forward<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const H: usize,
    const GATES: usize,
    const N: usize,
    const M: usize,
    const CACHE: usize,
>(
    isa: I,
    weight_ih: &SMatrix<T, GATES, IN>,
    weight_hh: &SMatrix<T, GATES, H>,
    bias_ih: &SVector<T, GATES>,
    bias_hh: &SVector<T, GATES>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
    cache: &mut SMatrix<T, BATCH, CACHE>,
) {
    isa.call(Forward::<T, BATCH> {
        parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
        start: [[T::ZERO; BATCH]; H].as_flattened(),
        input: input.as_slice(),
        output: output.as_mut_slice(),
        cache: cache.as_mut_slice(),
    });
}

/// Overwrites `output`.
pub fn infer<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const H: usize,
    const GATES: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    weight_ih: &SMatrix<T, GATES, IN>,
    weight_hh: &SMatrix<T, GATES, H>,
    bias_ih: &SVector<T, GATES>,
    bias_hh: &SVector<T, GATES>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    isa.call(Infer::<T, BATCH> {
        parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
        start: [[T::ZERO; BATCH]; H].as_flattened(),
        input: input.as_slice(),
        output: output.as_mut_slice(),
        gates: [[[T::ZERO; BATCH]; H]; 4].as_flattened_mut().as_flattened_mut(),
    });
}

/// Overwrites `output` with that of the next step; `state` is the output of the step before, and becomes `output`.
pub fn step<I: Isa, T: Scalar, const IN: usize, const H: usize, const GATES: usize>(
    isa: I,
    weight_ih: &SMatrix<T, GATES, IN>,
    weight_hh: &SMatrix<T, GATES, H>,
    bias_ih: &SVector<T, GATES>,
    bias_hh: &SVector<T, GATES>,
    state: &mut SVector<T, H>,
    input: &SMatrix<T, 1, IN>,
    output: &mut SMatrix<T, 1, H>,
) {
    isa.call(Infer::<T, 1> {
        parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
        start: state.as_slice(),
        input: input.as_slice(),
        output: output.as_mut_slice(),
        gates: [[T::ZERO; H]; 4].as_flattened_mut(),
    });
    state.copy_from_slice(output.as_slice());
}

/// Overwrites `cache` with the gradients of the gates, which the other two functions need.
pub fn backward_shared<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const H: usize,
    const GATES: usize,
    const M: usize,
    const CACHE: usize,
>(
    isa: I,
    weight_hh: &SMatrix<T, GATES, H>,
    output: &SMatrix<T, BATCH, M>,
    cache: &mut SMatrix<T, BATCH, CACHE>,
    grad_output: &SMatrix<T, BATCH, M>,
) {
    isa.call(BackwardShared::<T, BATCH> {
        weight_hh: weight_hh.as_slice(),
        start: [[T::ZERO; BATCH]; H].as_flattened(),
        output: output.as_slice(),
        cache: cache.as_mut_slice(),
        grad_output: grad_output.as_slice(),
        grad_state: [[T::ZERO; BATCH]; H].as_flattened_mut(),
    });
}

/// Adds to the gradients of the parameters.
pub fn backward_parameters<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const H: usize,
    const GATES: usize,
    const N: usize,
    const M: usize,
    const CACHE: usize,
>(
    isa: I,
    input: &SMatrix<T, BATCH, N>,
    output: &SMatrix<T, BATCH, M>,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad_weight_ih: &mut SMatrix<T, GATES, IN>,
    grad_weight_hh: &mut SMatrix<T, GATES, H>,
    grad_bias_ih: &mut SVector<T, GATES>,
    grad_bias_hh: &mut SVector<T, GATES>,
) {
    isa.call(BackwardParameters::<T, BATCH> {
        hidden_size: H,
        input: input.as_slice(),
        output: output.as_slice(),
        cache: cache.as_slice(),
        to_input: Gradients { weight: grad_weight_ih.as_mut_slice(), bias: grad_bias_ih.as_mut_slice() },
        to_hidden: Gradients { weight: grad_weight_hh.as_mut_slice(), bias: grad_bias_hh.as_mut_slice() },
    });
}

/// Overwrites `grad_input`.
pub fn backward_input<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const GATES: usize,
    const N: usize,
    const CACHE: usize,
>(
    isa: I,
    weight_ih: &SMatrix<T, GATES, IN>,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput::<T, BATCH> {
        gates: GATES,
        weight_ih: weight_ih.as_slice(),
        cache: cache.as_slice(),
        grad_input: grad_input.as_mut_slice(),
    });
}
