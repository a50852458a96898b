//! A fully connected layer, applied to a vector or to each step of a sequence. PyTorch: `torch.nn.Linear(IN, OUT)`.
//!
//! ```text
//! output[m] = bias[m] + Σ_k weight[m, k] · input[k]      [BATCH, steps · OUT]
//! ```
//!
//! `input` is `[BATCH, steps · IN]`, `weight` is `[OUT, IN]`, `bias` is `[OUT]`; every step has the same weight.
//!
//! # Backward
//!
//! ```text
//! grad_weight[m, k] += Σ_batch Σ_step grad_output[m] · input[k]
//! grad_bias[m]      += Σ_batch Σ_step grad_output[m]
//! grad_input[k]      = Σ_m weight[m, k] · grad_output[m]
//! ```
//!
//! Nothing is cached: the parameters need the input.

#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::init;
use crate::kernels::Isa;
use crate::kernels::dense::{self, Steps};
use crate::scalar::Scalar;

/// Draws weight and bias evenly from `-1/√IN` to `1/√IN`.
pub fn init<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    bias: Option<&mut SVector<T, OUT>>,
    rng: &mut R,
) {
    let bound = 1.0 / (IN as f64).sqrt();
    init::draw::uniform(weight.as_mut_slice(), bound, rng);
    if let Some(bias) = bias {
        init::draw::uniform(bias.as_mut_slice(), bound, rng);
    }
}

/// Overwrites `output`.
#[inline(always)]
pub fn forward<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const OUT: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    weight: &SMatrix<T, OUT, IN>,
    bias: Option<&SVector<T, OUT>>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    let work = dense::Forward::<T, BATCH> {
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        input: input.as_slice(),
        output: output.as_mut_slice(),
        features: IN,
        out_features: OUT,
    };
    if const { BATCH == 1 && N > IN } {
        isa.call_in_place_for::<_, OUT>(Steps { work, distance: OUT });
    } else {
        isa.call_in_place_for::<_, BATCH>(work);
    }
}

/// Adds to the gradients of weight and bias.
#[inline(always)]
pub fn backward_parameters<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const OUT: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    input: &SMatrix<T, BATCH, N>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_weight: &mut SMatrix<T, OUT, IN>,
    grad_bias: Option<&mut SVector<T, OUT>>,
) {
    let work = dense::BackwardParameters::<T, BATCH> {
        input: input.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: grad_bias.map_or(&mut [], |bias| bias.as_mut_slice()),
        features: IN,
        out_features: OUT,
    };
    if const { BATCH == 1 && N > IN } {
        isa.call_in_place_for::<_, OUT>(Steps { work, distance: OUT });
    } else {
        isa.call_in_place_for::<_, BATCH>(work);
    }
}

/// Overwrites `grad_input`.
#[inline(always)]
pub fn backward_input<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const IN: usize,
    const OUT: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    weight: &SMatrix<T, OUT, IN>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call_in_place_for::<_, BATCH>(dense::BackwardInput::<T, BATCH> {
        weight: weight.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_input: grad_input.as_mut_slice(),
        features: IN,
        out_features: OUT,
    });
}
