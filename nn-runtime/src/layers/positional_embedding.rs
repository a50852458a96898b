//! Adds a trained vector to each step of a sequence, its own at each position. PyTorch: `input + embedding.weight`, with
//! `embedding = torch.nn.Embedding(steps, F)`.
//!
//! ```text
//! output[step] = input[step] + weight[:, step]    [BATCH, steps, F]   in place
//! ```
//!
//! `weight` has one column a step, `[F, steps]`: the transpose of PyTorch's, as [`embedding`](super::embedding)'s is. It
//! starts as that does, too, from the normal distribution with variance 1: what a token is and where it stands weigh the
//! same at first. (GPT-2 and BERT draw both from variance 0.02²: `init::normal(&mut network.name.weight, 0.02, rng)?`.)
//!
//! # Backward
//!
//! ```text
//! grad_weight[:, step] += Σ_batch grad_output[step]
//! grad_input            = grad_output
//! ```
//!
//! The gradient of the input stands where it is to stand already. Nothing is cached.

use nalgebra::SMatrix;
use rand_core::Rng;

use crate::init;
use crate::kernels::{Isa, Kernel, sum_samples};
use crate::scalar::Scalar;

/// Draws every entry from the normal distribution with mean 0 and variance 1.
pub fn init<T: Scalar, const F: usize, const STEPS: usize>(
    weight: &mut SMatrix<T, F, STEPS>,
    rng: &mut (impl Rng + ?Sized),
) {
    init::draw::normal(weight.data.0.as_flattened_mut(), 1.0, rng);
}

/// Overwrites `value`, the input, with the output.
#[inline]
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const STEPS: usize>(
    isa: impl Isa,
    weight: &SMatrix<T, F, STEPS>,
    value: &mut SMatrix<T, BATCH, N>,
) {
    const { assert!(N == STEPS * F, "a positional embedding has a vector for each step") }
    isa.call(Forward { weight: weight.data.0.as_flattened(), value: &mut value.data.0 });
}

/// Adds to `grad_weight`.
#[inline]
pub fn backward_parameters<T: Scalar, const BATCH: usize, const N: usize, const F: usize, const STEPS: usize>(
    isa: impl Isa,
    grad_output: &SMatrix<T, BATCH, N>,
    grad_weight: &mut SMatrix<T, F, STEPS>,
) {
    let (grad_output, grad_weight) = (&grad_output.data.0, grad_weight.data.0.as_flattened_mut());
    isa.call(BackwardParameters { grad_output, grad_weight });
}

struct Forward<'a, T, const BATCH: usize> {
    weight: &'a [T],
    value: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for (lane, &weight) in self.value.iter_mut().zip(self.weight) {
            for value in lane {
                *value += weight;
            }
        }
    }
}

struct BackwardParameters<'a, T, const BATCH: usize> {
    grad_output: &'a [[T; BATCH]],
    grad_weight: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardParameters<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for (grad_weight, lane) in self.grad_weight.iter_mut().zip(self.grad_output) {
            *grad_weight += sum_samples(lane, BATCH);
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
mod tests {
    use super::*;
    use crate::kernels::Portable;

    #[test]
    fn adds_the_vector_of_each_step() {
        // three steps of two features, a column a step
        let weight = SMatrix::<f64, 2, 3>::new(1., 3., 5., 2., 4., 6.);
        let mut value = SMatrix::<f64, 2, 6>::from_row_slice(&[0., 0., 0., 0., 0., 0., 10., 10., 20., 20., 30., 30.]);
        forward(Portable, &weight, &mut value);
        let expected = [1., 2., 3., 4., 5., 6., 11., 12., 23., 24., 35., 36.];
        assert_eq!(value, SMatrix::<f64, 2, 6>::from_row_slice(&expected));
    }

    /// ⟨forward(weight) - input, v⟩ = ⟨weight, backward(v)⟩
    fn check_adjoint<const BATCH: usize>() {
        let weight = SMatrix::<f32, 5, 3>::from_fn(|row, column| ((row * 7 + column * 3) % 11) as f32 - 5.0);
        let grad_output = SMatrix::<f32, BATCH, 15>::from_fn(|row, column| ((row + 3 * column) % 7) as f32 - 3.0);
        let (mut output, mut grad_weight) = (SMatrix::<f32, BATCH, 15>::zeros(), SMatrix::zeros());
        forward(Portable, &weight, &mut output);
        for _ in 0..2 {
            backward_parameters(Portable, &grad_output, &mut grad_weight);
        }
        assert_eq!(2.0 * output.dot(&grad_output), weight.dot(&grad_weight));
    }

    #[test]
    fn backward_is_the_adjoint_of_forward_and_adds() {
        check_adjoint::<1>();
        check_adjoint::<3>();
        check_adjoint::<32>();
    }

    #[test]
    fn init_draws_every_entry_with_variance_one() {
        let mut weight = SMatrix::<f64, 50, 40>::zeros();
        init(&mut weight, &mut init::rng(1));
        assert!(weight.iter().all(|value| *value != 0.0));
        assert!(weight.mean().abs() < 0.1 && (weight.variance() - 1.0).abs() < 0.1);
    }
}
