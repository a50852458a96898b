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

#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};
use rand_core::Rng;

use crate::init;
use crate::kernels::{
    ByRow, ByTerm, Contraction, Isa, Kernel, Neighbours, Output, Product, Start, Sums, Terms, single,
};
use crate::scalar::Scalar;

/// How many terms of a sum are worked off at once, so that their lanes stay in the first-level cache.
const BLOCK: usize = 128;

/// Draws weight and bias evenly from `-1/√IN` to `1/√IN`.
pub fn init<T: Scalar, R: Rng + ?Sized, const OUT: usize, const IN: usize>(
    weight: &mut SMatrix<T, OUT, IN>,
    bias: Option<&mut SVector<T, OUT>>,
    rng: &mut R,
) {
    let bound = 1.0 / (IN as f64).sqrt();
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
    isa.call(Forward::<T, BATCH> {
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        input: input.as_slice(),
        output: output.as_mut_slice(),
        features: IN,
        out_features: OUT,
    });
}

struct Forward<'a, T, const BATCH: usize> {
    weight: &'a [T],
    bias: Option<&'a [T]>,
    input: &'a [T],
    output: &'a mut [T],
    features: usize,
    out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { weight, bias, input, output, features, out_features } = self;
        let steps = input.chunks_exact((features * BATCH).max(1));
        for (input, output) in steps.zip(output.chunks_exact_mut((out_features * BATCH).max(1))) {
            if BATCH == 1 {
                single::product(isa, weight, bias, input, output);
                continue;
            }
            let mut start = bias.map_or(Start::Zero, Start::Bias);
            for (weight, input) in weight.chunks((BLOCK * out_features).max(1)).zip(input.chunks(BLOCK * BATCH)) {
                let terms = Terms::new(input.len() / BATCH, out_features, BATCH);
                let product = Product { factors: ByTerm(weight), lanes: input, terms, start };
                let output = Output { values: output, distance: BATCH, rows: out_features, lanes: BATCH };
                product.run::<I, BATCH>(isa, output);
                start = Start::Output;
            }
        }
    }
}

/// Adds to the gradients of weight and bias.
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
    isa.call(BackwardParameters::<T, BATCH> {
        input: input.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_weight: grad_weight.as_mut_slice(),
        grad_bias: grad_bias.map_or(&mut [], |bias| bias.as_mut_slice()),
        features: IN,
        out_features: OUT,
    });
}

struct BackwardParameters<'a, T, const BATCH: usize> {
    input: &'a [T],
    grad_output: &'a [T],
    grad_weight: &'a mut [T],
    grad_bias: &'a mut [T],
    features: usize,
    out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardParameters<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { input, grad_output, grad_weight, grad_bias, features, out_features } = self;
        let steps = input.chunks_exact((features * BATCH).max(1));
        for (input, grad_output) in steps.zip(grad_output.chunks_exact((out_features * BATCH).max(1))) {
            if BATCH == 1 {
                single::add_outer_product(isa, input, grad_output, grad_weight);
                single::add_outer_product(isa, &[T::ONE], grad_output, grad_bias);
                continue;
            }
            let contraction = Contraction {
                rows: Neighbours(input),
                row_count: features,
                columns: grad_output,
                column_distance: BATCH,
                column_count: out_features,
                lanes: BATCH,
            };
            let mut sums = Sums { values: grad_weight, distance: out_features, of_columns: grad_bias };
            contraction.run::<I, BATCH>(isa, &mut sums);
        }
    }
}

/// Overwrites `grad_input`.
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
    isa.call(BackwardInput::<T, BATCH> {
        weight: weight.as_slice(),
        grad_output: grad_output.as_slice(),
        grad_input: grad_input.as_mut_slice(),
        features: IN,
        out_features: OUT,
    });
}

struct BackwardInput<'a, T, const BATCH: usize> {
    weight: &'a [T],
    grad_output: &'a [T],
    grad_input: &'a mut [T],
    features: usize,
    out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { weight, grad_output, grad_input, features, out_features } = self;
        let steps = grad_output.chunks_exact((out_features * BATCH).max(1));
        for (grad_output, grad_input) in steps.zip(grad_input.chunks_exact_mut((features * BATCH).max(1))) {
            if BATCH == 1 {
                single::transposed_product(isa, weight, grad_output, grad_input);
                continue;
            }
            let product = Product {
                factors: ByRow { values: weight, distance: out_features },
                lanes: grad_output,
                terms: Terms::new(out_features, 1, BATCH),
                start: Start::Zero,
            };
            product.run::<I, BATCH>(isa, Output { values: grad_input, distance: BATCH, rows: features, lanes: BATCH });
        }
    }
}
