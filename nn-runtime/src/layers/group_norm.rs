//! Normalisation of each sample in groups of channels. PyTorch: `torch.nn.GroupNorm(groups, C, eps)`.
//!
//! ```text
//! mean   = Σ input / size                              [BATCH, groups]
//! rstd   = 1 / sqrt(Σ (input - mean)² / size + eps)    [BATCH, groups]   biased variance
//! norm   = (input - mean) · rstd                       [BATCH, C, length]
//! output = norm · weight + bias                        [BATCH, C, length]
//! ```
//!
//! A sample is `[C]` (its length is 1), `[C, length]` or `[C, height, width]`; a group is `C / groups` neighbouring channels,
//! `size` values. Every channel has a weight and a bias.
//!
//! `rstd` counts as 0 where it would divide by 0: all values are equal and `eps` is 0.
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ_batch Σ_length grad_output · norm
//! grad_bias   += Σ_batch Σ_length grad_output
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
pub fn init<T: Scalar, const C: usize>(
    weight: &mut SVector<T, C>,
    bias: &mut SVector<T, C>,
    _rng: &mut (impl Rng + ?Sized),
) {
    init::constant(weight.as_mut_slice(), 1.0);
    init::constant(bias.as_mut_slice(), 0.0);
}

/// Overwrites `output`, and `cache` with two lanes a group. `num_groups` divides the channels.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const C: usize, const KEPT: usize>(
    isa: impl Isa,
    num_groups: usize,
    eps: f64,
    weight: &SVector<T, C>,
    bias: &SVector<T, C>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
    cache: &mut SMatrix<T, BATCH, KEPT>,
) {
    isa.call(Normalise {
        groups: groups::<N, C>(num_groups),
        eps: T::from_f64(eps),
        weight: weight.as_slice(),
        bias: bias.as_slice(),
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut cache.data.0,
    });
}

/// Overwrites `output`, and keeps nothing.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    num_groups: usize,
    eps: f64,
    weight: &SVector<T, C>,
    bias: &SVector<T, C>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Normalise {
        groups: groups::<N, C>(num_groups),
        eps: T::from_f64(eps),
        weight: weight.as_slice(),
        bias: bias.as_slice(),
        input: &input.data.0,
        output: &mut output.data.0,
        cache: &mut [],
    });
}

/// Adds to `grad_weight` and `grad_bias`.
pub fn backward_parameters<T: Scalar, const BATCH: usize, const N: usize, const C: usize, const KEPT: usize>(
    isa: impl Isa,
    num_groups: usize,
    input: &SMatrix<T, BATCH, N>,
    cache: &SMatrix<T, BATCH, KEPT>,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_weight: &mut SVector<T, C>,
    grad_bias: &mut SVector<T, C>,
) {
    isa.call(AddSums {
        groups: groups::<N, C>(num_groups),
        input: &input.data.0,
        cache: &cache.data.0,
        grad_output: &grad_output.data.0,
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: grad_bias.as_mut_slice(),
    });
}

/// Overwrites the input with the gradient of the loss with respect to it.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const C: usize, const KEPT: usize>(
    isa: impl Isa,
    num_groups: usize,
    weight: &SVector<T, C>,
    cache: &SMatrix<T, BATCH, KEPT>,
    grad_output: &SMatrix<T, BATCH, N>,
    input_then_grad: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(InputGradient {
        groups: groups::<N, C>(num_groups),
        weight: weight.as_slice(),
        cache: &cache.data.0,
        grad_output: &grad_output.data.0,
        input_then_grad: &mut input_then_grad.data.0,
    });
}

/// A group is some channels, with a weight for each.
fn groups<const N: usize, const C: usize>(num_groups: usize) -> Groups {
    const { assert!(C > 0 && N.is_multiple_of(C), "group normalisation is of whole channels") }
    Groups { size: N / num_groups.max(1), length: N / C, weights: C, is_centred: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn groups_are_normalised_by_hand() {
        // two groups of two channels of two: mean 3 and variance 3.5, mean 0 and variance 0.5
        let input = SMatrix::<f64, 1, 8>::from_row_slice(&[1., 2., 3., 6., 1., 0., -1., 0.]);
        let (weight, bias) = (SVector::from([1.0, -2.0, 2.0, 4.0]), SVector::from([0.0, 1.0, 4.0, 0.25]));
        let (mut output, mut inferred, mut cache) = (SMatrix::zeros(), SMatrix::zeros(), SMatrix::<f64, 1, 4>::zeros());
        forward(Portable, 2, 0.5, &weight, &bias, &input, &mut output, &mut cache);
        infer(Portable, 2, 0.5, &weight, &bias, &input, &mut inferred);
        assert_eq!(output.as_slice(), [-1.0, -0.5, 1.0, -2.0, 6.0, 4.0, -3.75, 0.25]);
        assert_eq!(inferred, output);
        assert_eq!(cache.as_slice(), [0.5, 3.0, 1.0, 0.0]);
    }

    #[test]
    fn starts_as_weights_of_one() {
        let (mut weight, mut bias) = (SVector::<f32, 3>::repeat(9.0), SVector::<f32, 3>::repeat(9.0));
        init(&mut weight, &mut bias, &mut init::rng(0));
        assert_eq!((weight.as_slice(), bias.as_slice()), (&[1.0; 3][..], &[0.0; 3][..]));
    }
}
