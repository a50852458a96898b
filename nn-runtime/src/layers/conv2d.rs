//! A two-dimensional convolution (a cross-correlation, as everywhere in the field).
//! PyTorch: `torch.nn.Conv2d(channels, OUT, kernel, stride, padding, dilation, groups)`.
//!
//! ```text
//! output[m, y, x] = bias[m] + Σ_c Σ_i Σ_j weight[m, (c, i, j)]
//!                             · input[c, y · stride + i · dilation - padding, x · stride + j · dilation - padding]
//! ```
//!
//! `input` is `[BATCH, channels, height, width]`, with zeros in the padding; `weight` is `[OUT, K]`, its column
//! `(c · kernel height + i) · kernel width + j`; `bias` is `[OUT]`. With groups, the channels and the outputs are both
//! divided into as many parts, and each part of the outputs sees its part of the channels only:
//! `K = channels / groups · kernel height · kernel width`.
//!
//! # Backward
//!
//! ```text
//! grad_weight[m, (c, i, j)] += Σ_batch Σ_y Σ_x grad_output[m, y, x] · (the input that the weight met there)
//! grad_bias[m]              += Σ_batch Σ_y Σ_x grad_output[m, y, x]
//! grad_input[c, y, x]        = Σ_m Σ_i Σ_j weight[m, (c, i, j)] · (the gradient of the output where the weight met it)
//! ```

mod kernels;
#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::init;
use crate::kernels::{Isa, Window2d};
use crate::scalar::Scalar;
use kernels::{BackwardInput, BackwardParameters, Forward, Geometry};

/// Draws weight and bias evenly from `-1/√K` to `1/√K`.
pub fn init<T: Scalar, R: Rng + ?Sized, const OUT: usize, const K: usize>(
    weight: &mut SMatrix<T, OUT, K>,
    bias: Option<&mut SVector<T, OUT>>,
    rng: &mut R,
) {
    let bound = 1.0 / (K as f64).sqrt();
    init::uniform(weight.as_mut_slice(), bound, rng);
    if let Some(bias) = bias {
        init::uniform(bias.as_mut_slice(), bound, rng);
    }
}

/// Overwrites `output`.
pub fn forward<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const OUT: usize,
    const K: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    window: Window2d,
    groups: usize,
    weight: &SMatrix<T, OUT, K>,
    bias: Option<&SVector<T, OUT>>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    isa.call(Forward::<T, BATCH> {
        geometry: Geometry::new(window, groups, OUT),
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        input: input.as_slice(),
        output: output.as_mut_slice(),
    });
}

/// Adds to the gradients of weight and bias.
pub fn backward_parameters<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const OUT: usize,
    const K: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    window: Window2d,
    groups: usize,
    input: &SMatrix<T, BATCH, N>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_weight: &mut SMatrix<T, OUT, K>,
    grad_bias: Option<&mut SVector<T, OUT>>,
) {
    isa.call(BackwardParameters::<T, BATCH> {
        geometry: Geometry::new(window, groups, OUT),
        input: input.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: grad_bias.map_or(&mut [], |bias| bias.as_mut_slice()),
    });
}

/// Overwrites `grad_input`.
pub fn backward_input<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const OUT: usize,
    const K: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    window: Window2d,
    groups: usize,
    weight: &SMatrix<T, OUT, K>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(BackwardInput::<T, BATCH> {
        geometry: Geometry::new(window, groups, OUT),
        weight: weight.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_input: grad_input.as_mut_slice(),
    });
}
