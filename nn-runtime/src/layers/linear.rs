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
            for (weight, input) in weight.chunks(BLOCK * out_features).zip(input.chunks(BLOCK * BATCH)) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::{rng, unit};
    use crate::kernels::{Portable, dispatch};

    fn fill<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
        let mut rng = rng(seed);
        SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
    }

    struct Check<const BATCH: usize, const IN: usize, const OUT: usize, const N: usize, const M: usize>;

    impl<const BATCH: usize, const IN: usize, const OUT: usize, const N: usize, const M: usize> Kernel
        for Check<BATCH, IN, OUT, N, M>
    {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            let (weight, bias) = (fill::<OUT, IN>(1), fill::<OUT, 1>(2));
            let (input, grad_output) = (fill::<BATCH, N>(3), fill::<BATCH, M>(4));
            let (first_weight, first_bias) = (fill::<OUT, IN>(5), fill::<OUT, 1>(6));

            let (mut output, mut without_bias) = (fill::<BATCH, M>(7), fill::<BATCH, M>(8));
            forward(isa, &weight, Some(&bias), &input, &mut output);
            forward(isa, &weight, None, &input, &mut without_bias);
            let (mut grad_weight, mut grad_bias) = (first_weight, first_bias);
            backward_parameters(isa, &input, &grad_output, &mut grad_weight, Some(&mut grad_bias));
            let mut grad_input = fill::<BATCH, N>(9);
            backward_input(isa, &weight, &grad_output, &mut grad_input);

            let steps = N / IN;
            let (mut expected_weight, mut expected_bias) = (first_weight, first_bias);
            for step in 0..steps {
                let input = input.columns(step * IN, IN);
                let grad_output = grad_output.columns(step * OUT, OUT);
                let product = input * weight.transpose();
                close(&without_bias.columns(step * OUT, OUT), &product);
                close(
                    &output.columns(step * OUT, OUT),
                    &(product + SVector::<f64, BATCH>::repeat(1.0) * bias.transpose()),
                );
                close(&grad_input.columns(step * IN, IN), &(grad_output * weight));
                expected_weight += grad_output.transpose() * input;
                expected_bias += grad_output.row_sum().transpose();
            }
            close(&grad_weight, &expected_weight);
            close(&grad_bias, &expected_bias);
        }
    }

    fn close<R: nalgebra::Dim, C: nalgebra::Dim, A, B, D: nalgebra::Dim>(
        actual: &nalgebra::Matrix<f64, R, C, A>,
        expected: &nalgebra::Matrix<f64, R, D, B>,
    ) where
        A: nalgebra::RawStorage<f64, R, C>,
        B: nalgebra::RawStorage<f64, R, D>,
    {
        assert_eq!(actual.shape(), expected.shape());
        for (actual, expected) in actual.iter().zip(expected.iter()) {
            assert!((actual - expected).abs() < 1e-12 * (1.0 + expected.abs()), "{actual} is not {expected}");
        }
    }

    fn check<const BATCH: usize, const IN: usize, const OUT: usize, const N: usize, const M: usize>() {
        Check::<BATCH, IN, OUT, N, M>.run(Portable);
        dispatch(Check::<BATCH, IN, OUT, N, M>);
    }

    #[test]
    fn agrees_with_matrix_products() {
        check::<1, 5, 7, 5, 7>();
        check::<1, 5, 1, 5, 1>();
        check::<1, 6, 3, 6, 3>();
        check::<1, 64, 10, 64, 10>();
        check::<1, 10, 64, 10, 64>();
        check::<1, 131, 37, 131, 37>();
        check::<3, 5, 7, 5, 7>();
        check::<4, 2, 8, 2, 8>();
        check::<8, 8, 1, 8, 1>();
        check::<20, 50, 33, 50, 33>();
        check::<32, 300, 10, 300, 10>();
        check::<33, 16, 17, 16, 17>();
        check::<64, 9, 12, 9, 12>();
    }

    #[test]
    fn has_one_weight_for_all_steps() {
        check::<1, 3, 5, 12, 20>();
        check::<4, 3, 5, 12, 20>();
        check::<32, 7, 3, 35, 15>();
    }

    #[test]
    fn starts_within_pytorchs_bounds() {
        let (mut weight, mut bias) = (SMatrix::<f64, 40, 25>::zeros(), SVector::<f64, 40>::zeros());
        init(&mut weight, Some(&mut bias), &mut rng(1));
        assert!(weight.iter().chain(&bias).all(|value| value.abs() <= 0.2));
        assert!(weight.amax() > 0.19 && bias.amax() > 0.15);
    }
}
