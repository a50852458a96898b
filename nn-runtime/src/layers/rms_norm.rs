//! Normalisation of each sample by the root of its mean square over the last dimension. PyTorch:
//! `torch.nn.RMSNorm(F, eps)`.
//!
//! ```text
//! rstd   = 1 / sqrt(Σ input² / F + eps)    [BATCH, groups]
//! norm   = input · rstd                    [BATCH, groups, F]
//! output = norm · weight                   [BATCH, groups, F]
//! ```
//!
//! N = groups · F: each of the `groups` rows of a sample is normalised by itself, with the same weights. `eps`, if not
//! given, is the distance from 1 to the next number of the type: 2⁻²³ in `f32`, 2⁻⁵² in `f64`.
//!
//! `rstd` counts as 0 where it would divide by 0: all values are 0 and `eps` is 0.
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ_batch Σ_groups grad_output · norm
//! grad_norm    = grad_output · weight
//! grad_input   = rstd · (grad_norm                         term 1: through norm
//!                        - norm · mean(grad_norm · norm))  term 3: through rstd
//! ```
//!
//! The terms are numbered as [`layer_norm`](super::layer_norm)'s, of which this is the form without a mean. Cached: `rstd`.

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::families::normalisation::groups::{AddSums, Groups, InputGradient, Normalise};
use crate::init;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Weights 1: nothing is drawn.
pub fn init<T: Scalar, const F: usize>(weight: &mut SVector<T, F>, _rng: &mut (impl Rng + ?Sized)) {
    init::constant(weight.as_mut_slice(), 1.0);
}

/// Overwrites `output`, and `cache` with a lane for each group.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const KEPT: usize>(
    isa: impl Isa,
    eps: Option<f64>,
    weight: &SVector<T, F>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    cache: &mut SMatrix<T, BATCH, KEPT>,
) {
    const { assert!(KEPT * F == N, "root-mean-square normalisation keeps a lane for each group") }
    isa.call(Normalise {
        groups: groups::<N, F>(),
        eps: eps.map_or_else(epsilon, T::from_f64),
        weight: weight.as_slice(),
        bias: &[],
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut cache.data.0,
    });
}

/// Overwrites `output`, and keeps nothing.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const F: usize>(
    isa: impl Isa,
    eps: Option<f64>,
    weight: &SVector<T, F>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Normalise {
        groups: groups::<N, F>(),
        eps: eps.map_or_else(epsilon, T::from_f64),
        weight: weight.as_slice(),
        bias: &[],
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut [],
    });
}

/// Adds to `grad_weight`.
pub fn backward_parameters<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const KEPT: usize>(
    isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    cache: &SMatrix<T, BATCH, KEPT>,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_weight: &mut SVector<T, F>,
) {
    isa.call(AddSums {
        groups: groups::<N, F>(),
        input: &input.data.0,
        cache: &cache.data.0,
        grad_output: &grad_output.data.0,
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: &mut [],
    });
}

/// Overwrites the input with the gradient of the loss with respect to it.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const KEPT: usize>(
    isa: impl Isa,
    weight: &SVector<T, F>,
    cache: &SMatrix<T, BATCH, KEPT>,
    grad_output: &SMatrix<T, BATCH, N>,
    input_then_grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(InputGradient {
        groups: groups::<N, F>(),
        weight: weight.as_slice(),
        cache: &cache.data.0,
        grad_output: &grad_output.data.0,
        input_then_grad: &mut input_then_grad.data.0,
    });
}

/// A group is the last dimension, with a weight for each column and no mean.
fn groups<const N: usize, const F: usize>() -> Groups {
    const { assert!(F > 0 && N.is_multiple_of(F), "root-mean-square normalisation is of whole rows") }
    Groups { size: F, length: 1, weights: F, is_centred: false }
}

/// The distance from 1 to the next number.
fn epsilon<T: Scalar>() -> T {
    T::from_f64(1.0 / (1_u64 << T::FRACTION_BITS) as f64)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "powers of two are exact")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn a_row_is_normalised_by_hand() {
        // mean squares 3.5 and 0
        let input = SMatrix::<f64, 1, 8>::from_row_slice(&[1., -2., 3., 0., 0., 0., 0., 0.]);
        let weight = SVector::from([1.0, 2.0, -1.0, 0.5]);
        let (mut output, mut inferred, mut cache) = (SMatrix::zeros(), SMatrix::zeros(), SMatrix::<f64, 1, 2>::zeros());
        forward(Portable, Some(0.5), &weight, &input, &mut output, &mut cache);
        infer(Portable, Some(0.5), &weight, &input, &mut inferred);
        assert_eq!(output.as_slice(), [0.5, -2.0, -1.5, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(inferred, output);
        assert_eq!(cache.as_slice(), [0.5, 1.0 / 0.5_f64.sqrt()]);
    }

    /// A value whose square is the epsilon of `f32`, divided by the root of twice that square.
    #[test]
    fn the_default_eps_is_that_of_the_type() {
        fn output<T: Scalar>() -> T {
            let mut output = SMatrix::<T, 1, 1>::from([[T::ZERO]]);
            let input = SMatrix::from([[T::from_f64(f64::from(f32::EPSILON).sqrt())]]);
            infer(Portable, None, &SVector::<T, 1>::from([T::ONE]), &input, &mut output);
            output.data.0[0][0]
        }
        assert!((output::<f32>() - 0.5_f32.sqrt()).abs() < 1e-6);
        assert!((output::<f64>() - 1.0).abs() < 1e-8);
        assert_eq!([epsilon::<f32>().to_f64(), epsilon::<f64>()], [f64::from(f32::EPSILON), f64::EPSILON]);
    }

    #[test]
    fn starts_as_weights_of_one() {
        let mut weight = SVector::<f32, 3>::repeat(9.0);
        init(&mut weight, &mut init::rng(0));
        assert_eq!(weight.as_slice(), [1.0; 3]);
    }
}
