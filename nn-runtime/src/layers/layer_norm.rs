//! Normalisation of each sample over its last dimension. PyTorch: `torch.nn.LayerNorm(F, eps)`.
//!
//! ```text
//! mean   = Σ input / F                              [BATCH, groups]
//! rstd   = 1 / sqrt(Σ (input - mean)² / F + eps)    [BATCH, groups]   biased variance
//! norm   = (input - mean) · rstd                    [BATCH, groups, F]
//! output = norm · weight + bias                     [BATCH, groups, F]
//! ```
//!
//! N = groups · F: each of the `groups` rows of a sample is normalised by itself, with the same weights.
//!
//! `rstd` counts as 0 where it would divide by 0: all values are equal and `eps` is 0.
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ_batch Σ_groups grad_output · norm
//! grad_bias   += Σ_batch Σ_groups grad_output
//! grad_norm    = grad_output · weight
//! grad_input   = rstd · (grad_norm                         term 1: through norm
//!                        - mean(grad_norm)                 term 2: through mean
//!                        - norm · mean(grad_norm · norm))  term 3: through rstd
//! ```
//!
//! Cached: `rstd` and `mean`. `norm` is computed again: N values saved for one multiply each.

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::families::normalisation::groups::{AddSums, Groups, InputGradient, Normalise};
use crate::init;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Weights 1 and biases 0: nothing is drawn.
pub fn init<T: Scalar, const F: usize>(
    weight: &mut SVector<T, F>,
    bias: &mut SVector<T, F>,
    _rng: &mut (impl Rng + ?Sized),
) {
    init::constant(weight.as_mut_slice(), 1.0);
    init::constant(bias.as_mut_slice(), 0.0);
}

/// Overwrites `output`, and `cache` with two lanes a group.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const KEPT: usize>(
    isa: impl Isa,
    eps: f64,
    weight: &SVector<T, F>,
    bias: &SVector<T, F>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    cache: &mut SMatrix<T, BATCH, KEPT>,
) {
    const { assert!(KEPT * F == 2 * N, "layer normalisation keeps two lanes a group") }
    isa.call(Normalise {
        groups: groups::<N, F>(),
        eps: T::from_f64(eps),
        weight: weight.as_slice(),
        bias: bias.as_slice(),
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut cache.data.0,
    });
}

/// Overwrites `output`, and keeps nothing.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const F: usize>(
    isa: impl Isa,
    eps: f64,
    weight: &SVector<T, F>,
    bias: &SVector<T, F>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Normalise {
        groups: groups::<N, F>(),
        eps: T::from_f64(eps),
        weight: weight.as_slice(),
        bias: bias.as_slice(),
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut [],
    });
}

/// Adds to `grad_weight` and `grad_bias`.
pub fn backward_parameters<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const KEPT: usize>(
    isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    cache: &SMatrix<T, BATCH, KEPT>,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_weight: &mut SVector<T, F>,
    grad_bias: &mut SVector<T, F>,
) {
    isa.call(AddSums {
        groups: groups::<N, F>(),
        input: &input.data.0,
        cache: &cache.data.0,
        grad_output: &grad_output.data.0,
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: grad_bias.as_mut_slice(),
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

/// A group is the last dimension, with a weight for each column.
fn groups<const N: usize, const F: usize>() -> Groups {
    const { assert!(F > 0 && N.is_multiple_of(F), "layer normalisation is of whole rows") }
    Groups { size: F, length: 1, weights: F, is_centred: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn a_row_is_normalised_by_hand() {
        // mean 3, biased variance 3.5
        let input = SMatrix::<f64, 1, 8>::from_row_slice(&[1., 2., 3., 6., 10., 10., 10., 10.]);
        let (weight, bias) = (SVector::from([1.0, -2.0, 0.5, 1.0]), SVector::from([0.0, 1.0, 4.0, 0.25]));
        let (mut output, mut inferred, mut cache) = (SMatrix::zeros(), SMatrix::zeros(), SMatrix::<f64, 1, 4>::zeros());
        forward(Portable, 0.5, &weight, &bias, &input, &mut output, &mut cache);
        infer(Portable, 0.5, &weight, &bias, &input, &mut inferred);
        assert_eq!(output.as_slice(), [-1.0, 2.0, 4.0, 1.75, 0.0, 1.0, 4.0, 0.25]);
        assert_eq!(inferred, output);
        assert_eq!(cache.as_slice(), [0.5, 3.0, 1.0 / 0.5_f64.sqrt(), 10.0]);
    }

    #[test]
    fn gradients_by_hand() {
        // norm is -1 and 1, to which the gradient of a difference is orthogonal
        let input = SMatrix::<f64, 1, 2>::new(3.0, 5.0);
        let (weight, bias) = (SVector::from([2.0, 4.0]), SVector::from([0.0, 0.0]));
        let (mut output, mut cache) = (SMatrix::zeros(), SMatrix::<f64, 1, 2>::zeros());
        forward(Portable, 0.0, &weight, &bias, &input, &mut output, &mut cache);
        let grad_output = SMatrix::<f64, 1, 2>::new(1.0, 0.5);
        let (mut grad_weight, mut grad_bias) = (SVector::<f64, 2>::repeat(1.0), SVector::<f64, 2>::repeat(1.0));
        backward_parameters(Portable, &input, &cache, &grad_output, &mut grad_weight, &mut grad_bias);
        assert_eq!((grad_weight, grad_bias), (SVector::from([0.0, 1.5]), SVector::from([2.0, 1.5])));
        let mut grad = input;
        backward_input(Portable, &weight, &cache, &grad_output, &mut grad);
        assert_eq!(grad.as_slice(), [0.0, 0.0]);
    }

    #[test]
    fn starts_as_weights_of_one() {
        let (mut weight, mut bias) = (SVector::<f32, 3>::repeat(9.0), SVector::<f32, 3>::repeat(9.0));
        init(&mut weight, &mut bias, &mut init::rng(0));
        assert_eq!((weight.as_slice(), bias.as_slice()), (&[1.0; 3][..], &[0.0; 3][..]));
    }
}
