//! Dropout: in training, sets each value to 0 with probability `p`. PyTorch: `torch.nn.Dropout(p)`.
//!
//! ```text
//! output = input / (1 - p) where kept, else 0    [BATCH, N]   in place, in training
//! output = input                                 [BATCH, N]   in evaluation
//! ```
//!
//! What is kept is a function of the pass's seed, the row's position in the mini-batch and the feature: the same whatever
//! the tile's size, and drawn again in the backward pass instead of stored. `p` counts in steps of 2⁻²⁴. With `p = 1` nothing is
//! kept: every output and every gradient is 0. What is dropped is 0 even if it was NaN or infinite, which in
//! PyTorch gives NaN.
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
        let mut row_keys = [0; BATCH];
        let mut row = self.pass.first_row;
        for key in &mut row_keys {
            *key = mix(row_seed ^ u64::from(row)) as u32;
            row = row.wrapping_add(1);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    fn dropped<const BATCH: usize, const N: usize>(p: f64, pass: Pass) -> SMatrix<f32, BATCH, N> {
        struct At<const BATCH: usize, const N: usize>(f64, Pass);

        impl<const BATCH: usize, const N: usize> Kernel for At<BATCH, N> {
            type Output = SMatrix<f32, BATCH, N>;

            fn run<I: Isa>(self, isa: I) -> Self::Output {
                let mut value = SMatrix::repeat(1.0);
                forward(isa, self.0, &mut value, self.1);
                value
            }
        }

        let value = dispatch(At::<BATCH, N>(p, pass));
        assert_eq!(value, At::<BATCH, N>(p, pass).run(Portable));
        value
    }

    fn count(mask: impl Iterator<Item = bool>) -> f64 {
        mask.map(|is_true| f64::from(u8::from(is_true))).sum()
    }

    #[test]
    fn keeps_the_share_that_it_should_and_scales_it() {
        for (p, scale) in [(0.2, 1.25), (0.5, 2.0), (0.9, 10.0)] {
            let value = dropped::<40, 250>(p, Pass::training(1, 40));
            assert!(value.iter().all(|value| *value == 0.0 || (value - scale).abs() < 1e-5));
            let kept = count(value.iter().map(|value| *value > 0.0)) / 1e4;
            assert!((kept - (1.0 - p)).abs() < 0.02, "{kept}");
        }
        assert_eq!(dropped::<4, 5>(0.0, Pass::training(1, 4)), SMatrix::<f32, 4, 5>::repeat(1.0));
        assert_eq!(dropped::<4, 5>(1.0, Pass::training(1, 4)), SMatrix::<f32, 4, 5>::repeat(0.0));
    }

    #[test]
    fn is_the_identity_in_evaluation() {
        assert_eq!(dropped::<3, 7>(0.5, Pass::training(1, 3).evaluation()), SMatrix::<f32, 3, 7>::repeat(1.0));
    }

    #[test]
    fn the_mask_is_a_function_of_seed_row_and_feature() {
        let pass = Pass::training(7, 12);
        let whole = dropped::<12, 9>(0.5, pass);
        for first_row in [0, 3, 6, 9] {
            let tile = dropped::<3, 9>(0.5, Pass { first_row, ..pass });
            assert_eq!(tile, whole.fixed_rows::<3>(first_row as usize).into_owned());
        }
        assert_ne!(whole, dropped::<12, 9>(0.5, Pass { seed: 8, ..pass }));
    }

    #[test]
    fn rows_and_features_are_dropped_independently() {
        let value = dropped::<64, 64>(0.5, Pass::training(3, 64));
        let is_kept = SMatrix::<bool, 64, 64>::from_fn(|row, feature| value[(row, feature)] > 0.0);
        for i in 0..64 {
            for j in 0..i {
                let features = count(is_kept.column(i).iter().zip(is_kept.column(j).iter()).map(|(a, b)| a == b));
                let rows = count(is_kept.row(i).iter().zip(is_kept.row(j).iter()).map(|(a, b)| a == b));
                assert!((10.0..54.0).contains(&features) && (10.0..54.0).contains(&rows), "{i} {j} {features} {rows}");
            }
        }
    }

    #[test]
    fn the_gradient_has_the_mask_of_the_output() {
        let pass = Pass::training(5, 3);
        let mut grad = SMatrix::<f32, 3, 11>::repeat(1.0);
        backward_input(Portable, 0.3, &mut grad, pass);
        assert_eq!(grad, dropped::<3, 11>(0.3, pass));
    }

    #[test]
    fn what_is_dropped_is_zero_whatever_it_was() {
        let mut value = SMatrix::<f64, 2, 2>::repeat(f64::NAN);
        forward(Portable, 1.0, &mut value, Pass::training(1, 2));
        assert_eq!(value, SMatrix::<f64, 2, 2>::zeros());
    }
}
