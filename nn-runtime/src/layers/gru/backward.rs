//! The backward pass through time.

use crate::kernels::{ByRow, Contraction, Isa, Kernel, Neighbours, Output, Product, Start, Sums, Terms, single};
use crate::scalar::Scalar;

pub(super) struct BackwardShared<'a, T, const BATCH: usize> {
    pub(super) weight_hh: &'a [T],
    /// The hidden state before the first step.
    pub(super) start: &'a [T],
    pub(super) output: &'a [T],
    pub(super) cache: &'a mut [T],
    pub(super) grad_output: &'a [T],
    /// The gradient that comes from the step after; zeros after the last.
    pub(super) grad_state: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardShared<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let lanes = self.grad_state.len().max(1);
        let size = lanes / BATCH.max(1);
        let weight_hn = self.weight_hh.get(2 * size..).unwrap_or_default();
        let mut previous = self.output.chunks_exact(lanes).rev().skip(1);
        let grad_outputs = self.grad_output.chunks_exact(lanes).rev();
        for (gates, grad_output) in self.cache.chunks_exact_mut(4 * lanes).rev().zip(grad_outputs) {
            let previous = previous.next().unwrap_or(self.start);
            differentiate(isa, previous, grad_output, gates, self.grad_state);
            // term 3, with the rows of r and z, and with those of n
            let hidden = gates.get(3 * lanes..).unwrap_or_default();
            for (weight, gates, terms) in [(self.weight_hh, &*gates, 2 * size), (weight_hn, hidden, size)] {
                let factors = ByRow { values: weight, distance: 3 * size };
                let terms = Terms::new(terms, 1, BATCH);
                let product = Product { factors, lanes: gates, terms, start: Start::Output };
                let values = &mut *self.grad_state;
                product.run::<I, BATCH>(isa, Output { values, distance: BATCH, rows: size, lanes: BATCH });
            }
        }
    }
}

/// Makes the gradients of r, z, n and hidden of them, and of `grad_state` term 2 of the step before.
#[inline(always)]
fn differentiate<I: Isa, T: Scalar>(isa: I, previous: &[T], grad_output: &[T], gates: &mut [T], grad_state: &mut [T]) {
    let mut gates = gates.chunks_exact_mut(grad_state.len().max(1));
    let (Some(r), Some(z), Some(n), Some(hidden)) = (gates.next(), gates.next(), gates.next(), gates.next()) else {
        return;
    };
    let outer = previous.iter().zip(grad_output).zip(grad_state);
    let gates = r.iter_mut().zip(z).zip(n).zip(hidden);
    for (((previous, grad_output), grad_state), (((r, z), n), hidden)) in outer.zip(gates) {
        let grad = *grad_output + *grad_state; // terms 1, 2 and 3
        let not_z = T::ONE - *z;
        let grad_n = grad * not_z * isa.mul_add(-*n, *n, T::ONE);
        let grad_r = grad_n * *hidden * (*r * (T::ONE - *r));
        let grad_z = grad * (*previous - *n) * (*z * not_z);
        *grad_state = grad * *z;
        *hidden = grad_n * *r;
        (*r, *z, *n) = (grad_r, grad_z, grad_n);
    }
}

pub(super) struct BackwardParameters<'a, T, const BATCH: usize> {
    pub(super) hidden_size: usize,
    pub(super) input: &'a [T],
    pub(super) output: &'a [T],
    pub(super) cache: &'a [T],
    pub(super) to_input: Gradients<'a, T>,
    pub(super) to_hidden: Gradients<'a, T>,
}

/// The gradients of a weight and its bias.
pub(super) struct Gradients<'a, T> {
    pub(super) weight: &'a mut [T],
    pub(super) bias: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardParameters<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        let size = self.hidden_size;
        let lanes = (size * BATCH).max(1);
        let features = self.to_input.weight.len() / (3 * size).max(1);
        let inputs = self.input.chunks_exact((features * BATCH).max(1));
        let mut outputs = self.output.chunks_exact(lanes);
        let mut previous: &[T] = &[];
        for (input, gates) in inputs.zip(self.cache.chunks_exact(4 * lanes)) {
            // r, z and n; r and z; hidden, with the rows of n
            for (part, count) in [3, 2, 1].into_iter().enumerate() {
                let is_hidden = part == 2;
                let (rows, gradients) =
                    if part == 0 { (input, &mut self.to_input) } else { (previous, &mut self.to_hidden) };
                let first = if is_hidden { 2 * size } else { 0 };
                let contraction = Contraction {
                    rows: Neighbours(rows),
                    row_count: rows.len() / BATCH.max(1),
                    columns: gates.get(if is_hidden { 3 * lanes } else { 0 }..).unwrap_or_default(),
                    column_distance: BATCH,
                    column_count: count * size,
                    lanes: BATCH,
                };
                let mut sums = Sums {
                    values: gradients.weight.get_mut(first..).unwrap_or_default(),
                    distance: 3 * size,
                    of_columns: gradients.bias.get_mut(first..).unwrap_or_default(),
                };
                contraction.run::<I, BATCH>(isa, &mut sums);
            }
            previous = outputs.next().unwrap_or_default();
        }
    }
}

pub(super) struct BackwardInput<'a, T, const BATCH: usize> {
    /// How many rows the weight has.
    pub(super) gates: usize,
    pub(super) weight_ih: &'a [T],
    pub(super) cache: &'a [T],
    pub(super) grad_input: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let rows = self.weight_ih.len() / self.gates.max(1);
        let lanes = self.gates * BATCH;
        let grad_inputs = self.grad_input.chunks_exact_mut((rows * BATCH).max(1));
        // hidden, after r, z and n, is a third of these three
        for (cache, values) in self.cache.chunks_exact((lanes + lanes / 3).max(1)).zip(grad_inputs) {
            let gates = cache.get(..lanes).unwrap_or_default();
            if BATCH == 1 {
                single::transposed_product(isa, self.weight_ih, gates, values);
                continue;
            }
            let factors = ByRow { values: self.weight_ih, distance: self.gates };
            let terms = Terms::new(self.gates, 1, BATCH);
            let product = Product { factors, lanes: gates, terms, start: Start::Zero };
            product.run::<I, BATCH>(isa, Output { values, distance: BATCH, rows, lanes: BATCH });
        }
    }
}
