//! The backward pass through time.

use core::marker::PhantomData;

use super::{Cell, Differentiate, Direction};
use crate::families::lengths::{Lengths, clear_after_length};
use crate::kernels::{Blocks, ByRow, ByTerm, Contraction, Isa, Kernel, Output, Product, Start, Sums, Terms, single};
use crate::scalar::{Scalar, flush_state};

/// After how many steps the gradients that are carried back are flushed. They are subnormal for fewer steps than that.
const FLUSHED_EVERY: usize = 16;

/// From the last step to the first: overwrites what each step kept with the gradients of its gates' sums.
pub(crate) struct BackwardShared<'a, C, T, L, const BATCH: usize> {
    pub(crate) cell: C,
    pub(crate) direction: Direction,
    pub(crate) lengths: L,
    pub(crate) weight_hh: &'a [T],
    /// The output before the first step.
    pub(crate) start: &'a [T],
    /// Zeros, as long as `start`.
    pub(crate) zeros: &'a [T],
    pub(crate) output: &'a [T],
    pub(crate) cache: &'a mut [T],
    pub(crate) grad_output: &'a [T],
    /// The gradients that come from the step after: zeros after the last. Then those of what the first step is handed.
    pub(crate) grad_state: &'a mut [T],
    pub(crate) grad_carried: &'a mut [T],
}

impl<C: Cell, T: Scalar, L: Lengths<BATCH>, const BATCH: usize> Kernel for BackwardShared<'_, C, T, L, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { cell, direction, lengths, weight_hh, start, zeros, output, cache, grad_output, .. } = self;
        let Self { grad_state, grad_carried, .. } = self;
        let (lanes, size) = (start.len(), start.len() / BATCH.max(1));
        let (summed, apart) = (C::SUMMED * size, C::APART * size);
        let width = (direction.count * lanes).max(1);
        let mut previous = direction.steps_back(output.chunks_exact(width)).skip(1);
        let steps = cache.chunks_exact_mut((C::KEPT * lanes).max(1)).zip(output.chunks_exact(width));
        let steps = direction.steps_back(steps.zip(grad_output.chunks_exact(width)).enumerate());
        for (index, (step, ((kept, output), grad_output))) in (1..).zip(steps) {
            let Some((gates, carried)) = kept.split_at_mut_checked(C::BLOCKS * lanes) else { return };
            let previous = previous.next().map_or(start, |output| direction.part(output));
            let (output, mut grad_output) = (direction.part(output), direction.part(grad_output));
            if const { !L::ARE_WHOLE } {
                for (grad_state, grad_output) in grad_state.iter_mut().zip(grad_output) {
                    *grad_state += *grad_output;
                }
                clear_after_length::<T, L, BATCH>(lengths, step, grad_state);
                clear_after_length::<T, L, BATCH>(lengths, step, grad_carried);
                grad_output = zeros;
            }
            let step = Differentiate { previous, output, grad_output, carried, gates, grad_state, grad_carried };
            cell.differentiate(isa, step);
            if const { C::RESETS } {
                let Some((grads, grad_reset)) = gates.split_at_mut_checked(C::GATES * lanes) else { return };
                isa.call_for::<_, BATCH>(Through::<T, BATCH> {
                    weight_hh: weight_hh.get(summed..).unwrap_or_default(),
                    gates: C::GATES,
                    summed: (C::GATES - C::SUMMED) * size,
                    apart: 0,
                    grads: grads.get(C::SUMMED * lanes..).unwrap_or_default(),
                    grad: grad_reset,
                });
                cell.differentiate_reset(isa, previous, gates, grad_state);
            }
            isa.call_for::<_, BATCH>(Through::<T, BATCH> {
                weight_hh,
                gates: C::GATES,
                summed,
                apart,
                grads: gates,
                grad: grad_state,
            });
            if index % FLUSHED_EVERY == 0 {
                for grad in &mut *grad_state {
                    *grad = flush_state(*grad);
                }
                for grad in &mut *grad_carried {
                    *grad = flush_state(*grad);
                }
            }
        }
    }
}

/// Adds to the gradient of what rows of `weight_hh` are multiplied with, as it comes through their sums.
struct Through<'a, T, const BATCH: usize> {
    /// The matrix, from the first of these rows on.
    weight_hh: &'a [T],
    /// How many blocks of rows the matrix has.
    gates: usize,
    /// How many of the rows sum their products with the input and with the previous output.
    summed: usize,
    /// How many others have sums of their own, after all gates.
    apart: usize,
    grads: &'a [T],
    grad: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Through<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let size = self.grad.len() / BATCH.max(1);
        let rows = self.gates * size;
        for (row, lane, terms) in recurrent_parts(rows, self.summed, self.apart) {
            let weight = self.weight_hh.get(row..).unwrap_or_default();
            let grads = self.grads.get(lane * BATCH..(lane + terms) * BATCH).unwrap_or_default();
            if const { BATCH == 1 } {
                single::add_transposed_product(isa, weight, rows, grads, self.grad);
                continue;
            }
            let factors = ByRow { values: weight, distance: rows };
            let terms = Terms::new(terms, 1, BATCH);
            let product = Product { factors, lanes: grads, terms, start: Start::Output };
            let values = &mut *self.grad;
            product.run::<I, BATCH>(isa, Output { values, distance: BATCH, rows: size, lanes: BATCH });
        }
    }
}

/// The rows of `weight_hh` that are multiplied with the previous output, and the gates that they make: the first row, the
/// first gate, and how many.
#[inline(always)]
fn recurrent_parts(rows: usize, summed: usize, apart: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    [(0, 0, summed), (summed, rows, apart)].into_iter().filter(|(.., count)| *count > 0)
}

/// Adds to the gradients of the parameters of one direction.
pub(crate) struct BackwardParameters<'a, C, T, const BATCH: usize> {
    pub(crate) cell: PhantomData<C>,
    pub(crate) direction: Direction,
    pub(crate) hidden_size: usize,
    /// The output before the first step; `None` if it is zeros.
    pub(crate) start: Option<&'a [T]>,
    pub(crate) input: &'a [T],
    pub(crate) output: &'a [T],
    pub(crate) cache: &'a [T],
    pub(crate) to_input: Gradients<'a, T>,
    pub(crate) to_hidden: Gradients<'a, T>,
}

/// The gradients of a weight and its bias.
pub(crate) struct Gradients<'a, T> {
    pub(crate) weight: &'a mut [T],
    pub(crate) bias: &'a mut [T],
}

impl<C: Cell, T: Scalar, const BATCH: usize> Kernel for BackwardParameters<'_, C, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        if const { BATCH == 1 } {
            self.of_single(isa);
        } else {
            self.of_batch(isa);
        }
    }
}

/// What all steps give to the gradient of `weight_hh`.
struct ToHidden<'a, T> {
    /// The outputs, beginning with the first that another step follows.
    previous: &'a [T],
    /// What the steps kept that follow another.
    later: &'a [T],
    /// What the one kept that does not.
    first: &'a [T],
}

impl<'a, C: Cell, T: Scalar, const BATCH: usize> BackwardParameters<'a, C, T, BATCH> {
    /// The step that a step follows stands before it, in the reverse direction after it.
    #[inline(always)]
    fn to_hidden(&self) -> ToHidden<'a, T> {
        let (size, all) = (self.hidden_size * BATCH, self.cache);
        let kept = C::KEPT * size;
        let is_reverse = self.direction.index > 0;
        let start = if is_reverse { self.direction.count * size + size } else { 0 };
        let parts = all.split_at_checked(if is_reverse { all.len().saturating_sub(kept) } else { kept });
        let (before, after) = parts.unwrap_or_default();
        let (first, later) = if is_reverse { (after, before) } else { (before, after) };
        ToHidden { previous: self.output.get(start..).unwrap_or_default(), later, first }
    }

    /// For a batch: the lanes of all steps are the terms of a sum.
    #[inline(always)]
    fn of_batch<I: Isa>(mut self, isa: I) {
        let (rows, size) = (self.to_input.bias.len(), self.hidden_size);
        let (kept, summed, apart) = (C::KEPT * size * BATCH, C::SUMMED * size, C::APART * size);
        let features = self.to_input.weight.len() / rows.max(1);
        let ToHidden { previous, later, first } = self.to_hidden();
        let inputs = Steps::<T, BATCH> { values: self.input, features, distance: features * BATCH, kept };
        let previous =
            Steps::<T, BATCH> { values: previous, features: size, distance: self.direction.count * size * BATCH, kept };
        inputs.add(isa, self.cache, (0, 0, rows), &mut self.to_input);
        for part in recurrent_parts(rows, summed, apart) {
            previous.add(isa, later, part, &mut self.to_hidden);
            let start = match self.start {
                Some(values) => Steps { values, ..previous },
                None => Steps { features: 0, ..previous },
            };
            start.add(isa, first, part, &mut self.to_hidden);
        }
        if const { C::RESETS } {
            let reset = Steps::<T, BATCH> {
                values: self.cache.get(rows * BATCH..).unwrap_or_default(),
                features: size,
                distance: kept,
                kept,
            };
            reset.add(isa, self.cache, (summed, summed, rows - summed), &mut self.to_hidden);
        }
    }

    /// For a single sample: the steps are the terms of a sum.
    #[inline(always)]
    fn of_single<I: Isa>(self, isa: I) {
        let (rows, size) = (self.to_input.bias.len(), self.hidden_size);
        let (summed, apart) = (C::SUMMED * size, C::APART * size);
        let features = self.to_input.weight.len() / rows.max(1);
        let inputs = Rows { values: self.input, distance: features };
        let (kept, all) = (C::KEPT * size, self.cache);
        add_steps(isa, inputs, all, kept, (0, 0, rows), rows, self.to_input.weight);
        add_gates(isa, all, kept, (0, 0, rows), self.to_input.bias);
        let ToHidden { previous, later, first } = self.to_hidden();
        let previous = Rows { values: previous, distance: self.direction.count * size };
        for part in recurrent_parts(rows, summed, apart) {
            add_steps(isa, previous, later, kept, part, rows, self.to_hidden.weight);
            if let Some(values) = self.start {
                add_steps(isa, Rows { values, distance: size }, first, kept, part, rows, self.to_hidden.weight);
            }
            add_gates(isa, all, kept, part, self.to_hidden.bias);
        }
        if const { C::RESETS } {
            let reset = Rows { values: all.get(rows..).unwrap_or_default(), distance: kept };
            let others = (summed, summed, rows - summed);
            add_steps(isa, reset, all, kept, others, rows, self.to_hidden.weight);
            add_gates(isa, all, kept, others, self.to_hidden.bias);
        }
    }
}

/// What the steps of a batch take.
#[derive(Clone, Copy)]
struct Steps<'a, T, const BATCH: usize> {
    values: &'a [T],
    /// The rows of lanes of a step.
    features: usize,
    /// How far steps are apart.
    distance: usize,
    /// How far apart is what they kept.
    kept: usize,
}

impl<T: Scalar, const BATCH: usize> Steps<'_, T, BATCH> {
    /// Adds what the steps give to the gradients of a weight and its bias, for the rows and gates of `part`.
    ///
    /// The few lanes of a small batch are summed over several steps before the gradient, which may be larger than the
    /// first-level cache, is read and written again.
    #[inline(always)]
    fn add<I: Isa>(self, isa: I, cache: &[T], (row, lane, count): (usize, usize, usize), gradients: &mut Gradients<T>) {
        let contraction = Contraction {
            rows: Blocks { values: self.values, distance: self.distance },
            row_count: self.features,
            columns: cache.get(lane * BATCH..).unwrap_or_default(),
            column_distance: BATCH,
            column_count: count,
            block_distance: self.kept,
            lanes: cache.len() / self.kept.max(1) * BATCH,
        };
        let mut sums = Sums {
            values: gradients.weight.get_mut(row..).unwrap_or_default(),
            distance: gradients.bias.len(),
            of_columns: gradients.bias.get_mut(row..).unwrap_or_default(),
        };
        if const { BATCH <= 16 } {
            contraction.run::<I, BATCH, 64>(isa, &mut sums);
        } else {
            contraction.run::<I, BATCH, BATCH>(isa, &mut sums);
        }
    }
}

/// What the steps of a single sample take: a row each.
#[derive(Clone, Copy)]
struct Rows<'a, T> {
    values: &'a [T],
    distance: usize,
}

/// Adds to the gradient of a bias what all steps of a single sample give, for the rows and gates of `part`.
#[inline(always)]
fn add_gates<I: Isa, T: Scalar>(
    isa: I,
    cache: &[T],
    kept: usize,
    (row, lane, count): (usize, usize, usize),
    gradient: &mut [T],
) {
    let gradient = gradient.get_mut(row..).and_then(|gradient| gradient.get_mut(..count)).unwrap_or_default();
    for kept in cache.chunks_exact(kept.max(1)) {
        let gates = kept.get(lane..).and_then(|gates| gates.get(..count)).unwrap_or_default();
        single::add_outer_product(isa, &[T::ONE], gates, gradient);
    }
}

/// Adds to the gradient of a weight, which has `rows` rows, what all steps of a single sample give, for the rows and
/// gates of `part`.
#[inline(always)]
fn add_steps<I: Isa, T: Scalar>(
    isa: I,
    inputs: Rows<T>,
    cache: &[T],
    kept: usize,
    part: (usize, usize, usize),
    rows: usize,
    gradient: &mut [T],
) {
    isa.call(AddSteps { inputs, cache, kept, part, rows, gradient });
}

struct AddSteps<'a, T> {
    inputs: Rows<'a, T>,
    cache: &'a [T],
    kept: usize,
    part: (usize, usize, usize),
    rows: usize,
    gradient: &'a mut [T],
}

impl<T: Scalar> Kernel for AddSteps<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { inputs: Rows { values, distance }, cache, kept, part: (row, lane, count), rows, gradient } = self;
        let columns = gradient.len() / rows.max(1);
        let terms = Terms::new(cache.len() / kept.max(1), distance, kept);
        let lanes = cache.get(lane..).unwrap_or_default();
        let product = Product { factors: ByTerm(values), lanes, terms, start: Start::Output };
        let values = gradient.get_mut(row..).unwrap_or_default();
        product.run::<I, 1>(isa, Output { values, distance: rows, rows: columns, lanes: count });
    }
}

/// Makes the gradient of the input from one direction: the first overwrites it, the second adds to it.
pub(crate) struct BackwardInput<'a, T, const BATCH: usize> {
    pub(crate) direction: Direction,
    /// How many rows the weight has.
    pub(crate) rows: usize,
    /// How many rows of lanes a step keeps.
    pub(crate) kept: usize,
    pub(crate) weight_ih: &'a [T],
    pub(crate) cache: &'a [T],
    pub(crate) grad_input: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for BackwardInput<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let features = self.weight_ih.len() / self.rows.max(1);
        let start = if self.direction.index == 0 { Start::Zero } else { Start::Output };
        let grad_inputs = self.grad_input.chunks_exact_mut((features * BATCH).max(1));
        for (kept, values) in self.cache.chunks_exact((self.kept * BATCH).max(1)).zip(grad_inputs) {
            let gates = kept.get(..self.rows * BATCH).unwrap_or_default();
            if const { BATCH == 1 } {
                if self.direction.index == 0 {
                    values.fill(T::ZERO);
                }
                single::add_transposed_product(isa, self.weight_ih, self.rows, gates, values);
                continue;
            }
            let factors = ByRow { values: self.weight_ih, distance: self.rows };
            let product = Product { factors, lanes: gates, terms: Terms::new(self.rows, 1, BATCH), start };
            product.run::<I, BATCH>(isa, Output { values, distance: BATCH, rows: features, lanes: BATCH });
        }
    }
}
