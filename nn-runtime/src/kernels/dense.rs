//! A fully connected map of each step of a sequence, and its gradients: what `linear` is, and the projections of attention.
//!
//! ```text
//! output[step][m] = bias[m] + Σ_k weight[m, k] · input[step][k]
//! ```
//!
//! The lanes are those of the batch. A single sample has none: there a weight's columns take their place, for all steps
//! together.

use super::per_sample::{Matrix, add_dots};
use super::single::AnyRows;
use super::sums::Add;
use super::{Blocks, ByRow, ByTerm, Contraction, Isa, Kernel, Output, Product, Start, Sums, Terms, single};
use crate::scalar::Scalar;

/// How many terms of a sum are worked off at once, so that their lanes stay in the first-level cache.
const BLOCK: usize = 128;

/// The same work for what is known to be a sequence: of a single sample, all steps together. The weight may be some rows of a
/// larger one.
pub(crate) struct Steps<K> {
    pub(crate) work: K,
    /// The leading dimension of the weight: the stride between its columns.
    pub(crate) distance: usize,
}

/// Overwrites `output`.
pub(crate) struct Forward<'a, T, const BATCH: usize> {
    pub(crate) weight: &'a [T],
    pub(crate) bias: Option<&'a [T]>,
    pub(crate) input: &'a [T],
    pub(crate) output: &'a mut [T],
    pub(crate) features: usize,
    pub(crate) out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        if const { BATCH > 1 } {
            let distance = self.out_features;
            return self.run_on_batch(isa, distance);
        }
        let Self { weight, bias, input, output, features, out_features } = self;
        let steps = input.chunks_exact(features.max(1));
        for (input, output) in steps.zip(output.chunks_exact_mut(out_features.max(1))) {
            single::product::<I, T, AnyRows>(isa, weight, bias, input, output);
        }
    }
}

impl<T: Scalar, const BATCH: usize> Kernel for Steps<Forward<'_, T, BATCH>> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { work, distance } = self;
        if const { BATCH == 1 } { work.run_on_single(isa, distance) } else { work.run_on_batch(isa, distance) }
    }
}

impl<T: Scalar, const BATCH: usize> Forward<'_, T, BATCH> {
    #[inline(always)]
    fn run_on_batch<I: Isa>(self, isa: I, distance: usize) {
        let Self { weight, bias, input, output, features, out_features } = self;
        let steps = input.chunks_exact((features * BATCH).max(1));
        for (input, output) in steps.zip(output.chunks_exact_mut((out_features * BATCH).max(1))) {
            multiply::<I, T, BATCH>(isa, weight, distance, input, bias.map_or(Start::Zero, Start::Bias), output);
        }
    }

    /// Several steps of a single sample: the rows are the steps.
    #[inline(always)]
    fn run_on_single<I: Isa>(self, isa: I, distance: usize) {
        let Self { weight, bias, input, output, features, out_features } = self;
        for output in output.chunks_exact_mut(out_features.max(1)) {
            match bias {
                Some(bias) => output.iter_mut().zip(bias).for_each(|(output, bias)| *output = *bias),
                None => output.fill(T::ZERO),
            }
        }
        let rows = input.len() / features.max(1);
        for (block, weight) in weight.chunks((BLOCK * distance).max(1)).enumerate() {
            let product = Product {
                factors: ByRow { values: input.get(block * BLOCK..).unwrap_or_default(), distance: features },
                lanes: weight,
                terms: Terms::new(weight.len().div_ceil(distance.max(1)), 1, distance),
                start: Start::Output,
            };
            let output = Output { values: &mut *output, distance: out_features, rows, lanes: out_features };
            product.run::<I, BATCH>(isa, output);
        }
    }
}

/// Adds to `start` the product of as many rows of `weight` as `output` has, whose columns are `distance` apart, with `input`.
#[inline(always)]
pub(crate) fn multiply<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    weight: &[T],
    distance: usize,
    input: &[T],
    mut start: Start<T>,
    output: &mut [T],
) {
    let rows = output.len() / BATCH.max(1);
    for (weight, input) in weight.chunks((BLOCK * distance).max(1)).zip(input.chunks((BLOCK * BATCH).max(1))) {
        let terms = Terms::new(input.len() / BATCH.max(1), distance, BATCH);
        let product = Product { factors: ByTerm(weight), lanes: input, terms, start };
        product.run::<I, BATCH>(isa, Output { values: output, distance: BATCH, rows, lanes: BATCH });
        start = Start::Output;
    }
}

/// Adds to the gradients of weight and bias.
pub(crate) struct BackwardParameters<'a, T, const BATCH: usize> {
    pub(crate) input: &'a [T],
    pub(crate) grad_output: &'a [T],
    pub(crate) grad_weight: &'a mut [T],
    pub(crate) grad_bias: &'a mut [T],
    pub(crate) features: usize,
    pub(crate) out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardParameters<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        if const { BATCH > 1 } {
            let distance = self.out_features;
            return self.run_on_batch(isa, distance);
        }
        let Self { input, grad_output, grad_weight, grad_bias, features, out_features } = self;
        let steps = input.chunks_exact(features.max(1));
        for (input, grad_output) in steps.zip(grad_output.chunks_exact(out_features.max(1))) {
            single::add_outer_product(isa, input, grad_output, grad_weight);
            single::add_outer_product(isa, &[T::ONE], grad_output, grad_bias);
        }
    }
}

impl<T: Scalar, const BATCH: usize> Kernel for Steps<BackwardParameters<'_, T, BATCH>> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { work, distance } = self;
        if const { BATCH == 1 } { work.run_on_single(isa, distance) } else { work.run_on_batch(isa, distance) }
    }
}

impl<T: Scalar, const BATCH: usize> BackwardParameters<'_, T, BATCH> {
    #[inline(always)]
    fn run_on_batch<I: Isa>(self, isa: I, distance: usize) {
        let Self { input, grad_output, grad_weight, grad_bias, features, out_features } = self;
        let steps = input.chunks_exact((features * BATCH).max(1));
        for (input, grad_output) in steps.zip(grad_output.chunks_exact((out_features * BATCH).max(1))) {
            if distance == 1 {
                // the other way round: the only column is a row, so that the features fill the registers
                let contraction = Contraction {
                    rows: Blocks { values: grad_output, distance: 0 },
                    row_count: 1,
                    columns: input,
                    column_distance: BATCH,
                    column_count: features,
                    block_distance: BATCH,
                    lanes: BATCH,
                };
                let mut sums = Sums { values: &mut *grad_weight, distance: features, of_columns: &mut [] };
                contraction.run::<I, BATCH, BATCH>(isa, &mut sums);
                Add { lanes: grad_output, sums: &mut *grad_bias }.run(isa);
                continue;
            }
            let contraction = Contraction {
                rows: Blocks { values: input, distance: 0 },
                row_count: features,
                columns: grad_output,
                column_distance: BATCH,
                column_count: out_features,
                block_distance: BATCH,
                lanes: BATCH,
            };
            let mut sums = Sums { values: &mut *grad_weight, distance, of_columns: &mut *grad_bias };
            contraction.run::<I, BATCH, BATCH>(isa, &mut sums);
        }
    }

    /// Several steps of a single sample: they are the terms.
    #[inline(always)]
    fn run_on_single<I: Isa>(self, isa: I, distance: usize) {
        let Self { input, grad_output, grad_weight, grad_bias, features, out_features } = self;
        let product = Product {
            factors: ByTerm(input),
            lanes: grad_output,
            terms: Terms::new(input.len() / features.max(1), features, out_features),
            start: Start::Output,
        };
        let output = Output { values: grad_weight, distance, rows: features, lanes: out_features };
        product.run::<I, BATCH>(isa, output);
        for grad_output in grad_output.chunks_exact(out_features.max(1)) {
            single::add_outer_product(isa, &[T::ONE], grad_output, grad_bias);
        }
    }
}

/// Overwrites `grad_input`.
pub(crate) struct BackwardInput<'a, T, const BATCH: usize> {
    pub(crate) weight: &'a [T],
    pub(crate) grad_output: &'a [T],
    pub(crate) grad_input: &'a mut [T],
    pub(crate) features: usize,
    pub(crate) out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { weight, grad_output, grad_input, features, out_features } = self;
        let steps = grad_output.chunks_exact((out_features * BATCH).max(1));
        for (grad_output, grad_input) in steps.zip(grad_input.chunks_exact_mut((features * BATCH).max(1))) {
            if const { BATCH == 1 } {
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

/// Adds to `grad_input`, of a sequence, the gradient through some rows of a weight.
pub(crate) struct AddInputGradient<'a, T, const BATCH: usize> {
    pub(crate) weight: &'a [T],
    /// The leading dimension of the weight: the stride between its columns.
    pub(crate) distance: usize,
    pub(crate) grad_output: &'a [T],
    pub(crate) grad_input: &'a mut [T],
    pub(crate) features: usize,
    pub(crate) out_features: usize,
}

impl<T: Scalar, const BATCH: usize> Kernel for AddInputGradient<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { weight, distance, grad_output, grad_input, features, out_features } = self;
        if const { BATCH == 1 } {
            let rows = Matrix { values: grad_output, distance: out_features };
            let steps = grad_input.len() / features.max(1);
            let columns = Matrix { values: weight, distance };
            add_dots(isa, out_features, (rows, steps), (columns, features), grad_input, features);
            return;
        }
        let steps = grad_output.chunks_exact((out_features * BATCH).max(1));
        for (grad_output, grad_input) in steps.zip(grad_input.chunks_exact_mut((features * BATCH).max(1))) {
            let product = Product {
                factors: ByRow { values: weight, distance },
                lanes: grad_output,
                terms: Terms::new(out_features, 1, BATCH),
                start: Start::Output,
            };
            product.run::<I, BATCH>(isa, Output { values: grad_input, distance: BATCH, rows: features, lanes: BATCH });
        }
    }
}
