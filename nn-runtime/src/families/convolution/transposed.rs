//! What the transposed convolutions share. Each is a convolution run backwards, from its output to its input: the weight
//! and the window are that convolution's, whose input is the output here.

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use super::kernels::{BackwardInput, BackwardParameters, Geometry};
use crate::kernels::{Isa, Window2d, sums};
use crate::scalar::Scalar;

/// Draws weight and bias evenly from `-1/√K` to `1/√K`.
pub fn init<T: Scalar, R: Rng + ?Sized, const CHANNELS: usize, const K: usize, const OUT: usize>(
    weight: &mut SMatrix<T, CHANNELS, K>,
    bias: Option<&mut SVector<T, OUT>>,
    rng: &mut R,
) {
    super::draw(K, weight.as_mut_slice(), bias.map(SVector::as_mut_slice), rng);
}

/// Overwrites `output`.
pub fn forward<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const CHANNELS: usize,
    const K: usize,
    const OUT: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    window: Window2d,
    groups: usize,
    weight: &SMatrix<T, CHANNELS, K>,
    bias: Option<&SVector<T, OUT>>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    BackwardInput::<T, BATCH> {
        geometry: Geometry::new(window, groups, CHANNELS),
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        grad_output: input.as_slice(),
        grad_input: output.as_mut_slice(),
    }
    .call(isa);
}

/// Adds to the gradients of weight and bias.
pub fn backward_parameters<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const CHANNELS: usize,
    const K: usize,
    const OUT: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    window: Window2d,
    groups: usize,
    input: &SMatrix<T, BATCH, N>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_weight: &mut SMatrix<T, CHANNELS, K>,
    grad_bias: Option<&mut SVector<T, OUT>>,
) {
    isa.call_for::<_, BATCH>(BackwardParameters::<T, BATCH> {
        geometry: Geometry::new(window, groups, CHANNELS),
        input: grad_output.as_slice(),
        grad_output: input.as_slice(),
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: &mut [],
    });
    if let Some(grad_bias) = grad_bias {
        isa.call(sums::Add { lanes: grad_output.as_slice(), sums: grad_bias.as_mut_slice() });
    }
}

/// Overwrites `grad_input`.
pub fn backward_input<
    I: Isa,
    T: Scalar,
    const BATCH: usize,
    const CHANNELS: usize,
    const K: usize,
    const N: usize,
    const M: usize,
>(
    isa: I,
    window: Window2d,
    groups: usize,
    weight: &SMatrix<T, CHANNELS, K>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    super::forward(isa, window, groups, weight, None, grad_output, grad_input);
}
