//! The forward pass, with and without a cache.

use nalgebra::{SMatrix, SVector};

use crate::kernels::{ByTerm, Isa, Kernel, Output, Product, Start, Terms};
use crate::math;
use crate::scalar::Scalar;

/// How many terms of a sum are worked off at once, so that their lanes stay in the first-level cache.
const BLOCK: usize = 128;

#[derive(Clone, Copy)]
pub(super) struct Parameters<'a, T> {
    weight_ih: &'a [T],
    weight_hh: &'a [T],
    bias_ih: &'a [T],
    bias_hh: &'a [T],
    features: usize,
    hidden_size: usize,
}

pub(super) struct Forward<'a, T, const BATCH: usize> {
    pub(super) parameters: Parameters<'a, T>,
    /// The hidden state before the first step.
    pub(super) start: &'a [T],
    pub(super) input: &'a [T],
    pub(super) output: &'a mut [T],
    pub(super) cache: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Parameters { features, hidden_size, .. } = self.parameters;
        let inputs = self.input.chunks_exact((features * BATCH).max(1));
        let outputs = self.output.chunks_exact_mut((hidden_size * BATCH).max(1));
        let caches = self.cache.chunks_exact_mut((4 * hidden_size * BATCH).max(1));
        let mut previous = self.start;
        for ((input, output), gates) in inputs.zip(outputs).zip(caches) {
            self.parameters.step::<I, BATCH>(isa, input, previous, gates, output);
            previous = output;
        }
    }
}

pub(super) struct Infer<'a, T, const BATCH: usize> {
    pub(super) parameters: Parameters<'a, T>,
    /// The hidden state before the first step.
    pub(super) start: &'a [T],
    pub(super) input: &'a [T],
    pub(super) output: &'a mut [T],
    /// Scratch memory for r, z, n and hidden of a step.
    pub(super) gates: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Infer<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Parameters { features, hidden_size, .. } = self.parameters;
        let inputs = self.input.chunks_exact((features * BATCH).max(1));
        let outputs = self.output.chunks_exact_mut((hidden_size * BATCH).max(1));
        let mut previous = self.start;
        for (input, output) in inputs.zip(outputs) {
            self.parameters.step::<I, BATCH>(isa, input, previous, self.gates, output);
            previous = output;
        }
    }
}

impl<'a, T: Scalar> Parameters<'a, T> {
    pub(super) fn new<const GATES: usize, const IN: usize, const H: usize>(
        weight_ih: &'a SMatrix<T, GATES, IN>,
        weight_hh: &'a SMatrix<T, GATES, H>,
        bias_ih: &'a SVector<T, GATES>,
        bias_hh: &'a SVector<T, GATES>,
    ) -> Self {
        Self {
            weight_ih: weight_ih.as_slice(),
            weight_hh: weight_hh.as_slice(),
            bias_ih: bias_ih.as_slice(),
            bias_hh: bias_hh.as_slice(),
            features: IN,
            hidden_size: H,
        }
    }

    /// Overwrites `gates` with r, z, n and hidden of a step, and `output`.
    #[inline(always)]
    fn step<I: Isa, const BATCH: usize>(&self, isa: I, input: &[T], previous: &[T], gates: &mut [T], output: &mut [T]) {
        let size = self.hidden_size;
        self.fill_with_biases::<BATCH>(gates);
        // the products with the rows of r, z and n; of r and z; of n
        let weight_hn = self.weight_hh.get(2 * size..).unwrap_or_default();
        let products = [
            (self.weight_ih, input, 0..3 * size),
            (self.weight_hh, previous, 0..2 * size),
            (weight_hn, previous, 3 * size..4 * size),
        ];
        for (weight, lanes, rows) in products {
            let gates = gates.get_mut(rows.start * BATCH..rows.end * BATCH).unwrap_or_default();
            add_product::<I, T, BATCH>(isa, weight, 3 * size, lanes, gates);
        }
        activate(isa, previous, gates, output);
    }

    #[inline(always)]
    fn fill_with_biases<const BATCH: usize>(&self, gates: &mut [T]) {
        let size = self.hidden_size;
        let zeros = core::iter::repeat_n(T::ZERO, size);
        let (bias_hrz, bias_hn) = self.bias_hh.split_at_checked(2 * size).unwrap_or_default();
        let bias_ih = self.bias_ih.iter().copied().chain(zeros.clone());
        let bias_hh = bias_hrz.iter().copied().chain(zeros).chain(bias_hn.iter().copied());
        for ((lanes, bias_ih), bias_hh) in gates.chunks_exact_mut(BATCH.max(1)).zip(bias_ih).zip(bias_hh) {
            lanes.fill(bias_ih + bias_hh);
        }
    }
}

/// Adds to the rows of lanes in `output` the product of as many rows of `weight`, whose columns are `distance` apart,
/// with `input`.
#[inline(always)]
fn add_product<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    weight: &[T],
    distance: usize,
    input: &[T],
    output: &mut [T],
) {
    let start = Start::Output;
    if BATCH == 1 {
        // the rows are the lanes
        let lanes = output.len();
        let terms = Terms::new(input.len(), 1, distance);
        let product = Product { factors: ByTerm(input), lanes: weight, terms, start };
        product.run::<I, BATCH>(isa, Output { values: output, distance: lanes, rows: 1, lanes });
        return;
    }
    let rows = output.len() / BATCH.max(1);
    for (weight, input) in weight.chunks((BLOCK * distance).max(1)).zip(input.chunks((BLOCK * BATCH).max(1))) {
        let terms = Terms::new(input.len() / BATCH.max(1), distance, BATCH);
        let product = Product { factors: ByTerm(weight), lanes: input, terms, start };
        product.run::<I, BATCH>(isa, Output { values: output, distance: BATCH, rows, lanes: BATCH });
    }
}

/// Makes r, z, n and hidden of their sums in `gates`, and `output` of them.
#[inline(always)]
fn activate<I: Isa, T: Scalar>(isa: I, previous: &[T], gates: &mut [T], output: &mut [T]) {
    let mut gates = gates.chunks_exact_mut(output.len().max(1));
    let (Some(r), Some(z), Some(n), Some(hidden)) = (gates.next(), gates.next(), gates.next(), gates.next()) else {
        return;
    };
    for gates in [&mut *r, &mut *z] {
        for gate in gates {
            *gate = math::sigmoid(isa, *gate);
        }
    }
    for ((n, r), hidden) in n.iter_mut().zip(r).zip(hidden) {
        *n = math::tanh(isa, isa.mul_add(*r, *hidden, *n));
    }
    for (((output, n), z), previous) in output.iter_mut().zip(n).zip(z).zip(previous) {
        *output = isa.mul_add(*z, *previous - *n, *n);
    }
}
