//! What the convolutions in one dimension and in two share. A window over `[channels, length]` is one of height 1.

#[cfg(test)]
mod tests;
mod kernels;
mod padded;
pub(crate) mod transposed;

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
    draw(K, weight.as_mut_slice(), bias.map(SVector::as_mut_slice), rng);
}

fn draw<T: Scalar, R: Rng + ?Sized>(taps: usize, weight: &mut [T], bias: Option<&mut [T]>, rng: &mut R) {
    let bound = 1.0 / (taps as f64).sqrt();
    for values in [Some(weight), bias].into_iter().flatten() {
        init::draw::uniform(values, bound, rng);
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
    Forward::<T, BATCH> {
        geometry: Geometry::new(window, groups, OUT),
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        is_rectified: false,
        input: input.as_slice(),
        output: output.as_mut_slice(),
    }
    .call(isa);
}

/// Overwrites `output` as [`forward`] does, but with 0 where that would be below 0, as [`relu`](crate::layers::relu) makes of it; -0
/// stays -0.
pub fn forward_relu<
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
    Forward::<T, BATCH> {
        geometry: Geometry::new(window, groups, OUT),
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        is_rectified: true,
        input: input.as_slice(),
        output: output.as_mut_slice(),
    }
    .call(isa);
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
    isa.call_for::<_, BATCH>(BackwardParameters::<T, BATCH> {
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
    BackwardInput::<T, BATCH> {
        geometry: Geometry::new(window, groups, OUT),
        weight: weight.as_slice(),
        bias: None,
        grad_output: grad_output.as_slice(),
        grad_input: grad_input.as_mut_slice(),
    }
    .call(isa);
}
