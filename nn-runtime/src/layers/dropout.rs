//! Dropout: in training, sets each value to 0 with probability `p`. PyTorch: `torch.nn.Dropout(p)`.
//!
//! ```text
//! output = input / (1 - p) where kept, else 0    [BATCH, N]   in place, in training
//! output = input                                 [BATCH, N]   in evaluation
//! ```
//!
//! What is kept is a function of the pass's seed, the row's position in the mini-batch and the feature: the same whatever
//! the tile's size, and drawn again in the backward pass instead of stored. `p` counts in steps of 2⁻²⁴.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output / (1 - p) where kept, else 0
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel};
use crate::network::{Pass, mix};
use crate::scalar::Scalar;

/// Overwrites `value`, the input, with the output.
#[inline]
pub fn forward<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    p: f64,
    value: &mut SMatrix<T, BATCH, N>,
    pass: Pass,
) {
    if pass.training {
        isa.call(Drop { p, value: &mut value.data.0, pass });
    }
}

/// Overwrites `grad`, the gradient of the output, with the gradient of the input.
#[inline]
pub fn backward_input<I: Isa, T: Scalar, const BATCH: usize, const N: usize>(
    isa: I,
    p: f64,
    grad: &mut SMatrix<T, BATCH, N>,
    pass: Pass,
) {
    forward(isa, p, grad, pass);
}

struct Drop<'a, T, const BATCH: usize> {
    p: f64,
    value: &'a mut [[T; BATCH]],
    pass: Pass,
}

impl<T: Scalar, const BATCH: usize> Kernel for Drop<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let threshold = (self.p * f64::from(1 << 24)) as i32;
        let scale = T::from_f64(1.0 / (1.0 - self.p));
        let feature_seed = mix(self.pass.seed);
        let row_seed = mix(feature_seed);
        let mut row = self.pass.first_row;
        let row_keys = [(); BATCH].map(|()| {
            let key = mix(row_seed ^ u64::from(row)) as u32;
            row = row.wrapping_add(1);
            key
        });
        for (feature, lanes) in (0_u64..).zip(self.value) {
            let feature_key = mix(feature_seed ^ feature) as u32;
            for (value, row_key) in lanes.iter_mut().zip(&row_keys) {
                let is_kept = (hash(feature_key ^ row_key) >> 8).cast_signed() >= threshold;
                *value = if is_kept { *value * scale } else { T::ZERO };
            }
        }
    }
}

/// Wellons' `lowbias32` (2018): each input bit changes about half of the output bits. 32 bits, for vector instructions.
#[inline(always)]
const fn hash(value: u32) -> u32 {
    let value = (value ^ (value >> 16)).wrapping_mul(0x7feb_352d);
    let value = (value ^ (value >> 15)).wrapping_mul(0x846c_a68b);
    value ^ (value >> 16)
}
