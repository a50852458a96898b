//! The forward pass, with and without a cache.

use super::{Cell, Direction, Parameters, copy, make_gates, single};
use crate::families::lengths::{Lengths, clear_after_length};
use crate::kernels::dense::multiply;
use crate::kernels::single::AnyRows;
use crate::kernels::{ByRow, Factors, Isa, Kernel, Output, Product, Start, Terms};
use crate::scalar::Scalar;

/// A sequence in one direction.
pub(crate) struct Forward<'a, C, T, L, const BATCH: usize> {
    pub(crate) cell: C,
    pub(crate) direction: Direction,
    pub(crate) lengths: L,
    pub(crate) parameters: Parameters<'a, T>,
    /// Memory for the sum of both biases, a value a row.
    pub(crate) bias: &'a mut [T],
    /// The output before the first step.
    pub(crate) start: &'a [T],
    /// What the first step is handed besides; then what the last one hands on.
    pub(crate) carried: &'a mut [T],
    /// Memory for the gates of a step, unless there is a cache.
    pub(crate) gates: &'a mut [T],
    pub(crate) input: &'a [T],
    pub(crate) output: &'a mut [T],
    /// What each step keeps for the backward pass; may be empty.
    pub(crate) cache: &'a mut [T],
}

impl<C: Cell, T: Scalar, L: Lengths<BATCH>, const BATCH: usize> Kernel for Forward<'_, C, T, L, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { cell, direction, lengths, parameters, bias, start, carried, gates: own, input, output, cache } =
            self;
        let (rows, lanes) = (bias.len(), start.len());
        let size = rows / C::GATES;
        let is_projected = BATCH == 1 && !cache.is_empty();
        if const { BATCH > 1 } || is_projected {
            add_biases(parameters, (C::GATES - C::APART) * size, bias);
        }
        if is_projected {
            let features = parameters.weight_ih.len() / rows.max(1);
            let factors = ByRow { values: input, distance: features };
            isa.call(Project {
                weight: parameters.weight_ih,
                bias,
                factors,
                term: 1,
                gates: cache,
                kept: C::KEPT * size,
            });
        }
        let features = parameters.weight_ih.len() / rows.max(1);
        let inputs = input.chunks_exact((features * BATCH).max(1));
        let outputs = output.chunks_exact_mut((direction.count * lanes).max(1));
        let mut caches = direction.steps(cache.chunks_exact_mut((C::KEPT * lanes).max(1)));
        let mut previous = start;
        for (step, (input, output)) in direction.steps(inputs.zip(outputs).enumerate()) {
            let output = direction.part_mut(output);
            let gates = match caches.next().and_then(|kept| kept.split_at_mut_checked(C::BLOCKS * lanes)) {
                Some((gates, handed)) => {
                    copy(carried, handed);
                    gates
                }
                None => &mut *own,
            };
            if const { BATCH == 1 } {
                let input = (!is_projected).then_some(input);
                single::make_gates::<I, C, T, AnyRows>(isa, cell, parameters, input, previous, &mut *gates);
            } else {
                let (summed, apart) = (C::SUMMED * size, C::APART * size);
                isa.call_in_place_for::<_, BATCH>(Sums::<T, BATCH> {
                    parameters,
                    bias,
                    summed,
                    apart,
                    input,
                    previous,
                    gates: &mut *gates,
                });
                make_gates(isa, cell, lanes, gates.get_mut(..summed * BATCH).unwrap_or_default());
                if const { C::RESETS } {
                    let Some((first, rest)) = gates.split_at_mut_checked(summed * BATCH) else { return };
                    let Some((others, reset)) = rest.split_at_mut_checked((rows - summed) * BATCH) else { return };
                    cell.reset(isa, previous, first, reset);
                    let weight = parameters.weight_hh.get(summed..).unwrap_or_default();
                    isa.call_in_place_for::<_, BATCH>(AddReset::<T, BATCH> { weight, rows, reset, gates: others });
                }
            }
            cell.combine(isa, previous, carried, gates, output);
            clear_after_length::<T, L, BATCH>(lengths, step, output);
            clear_after_length::<T, L, BATCH>(lengths, step, carried);
            previous = output;
        }
    }
}

/// Makes the biases that the sums of the gates start from: of the first `summed` rows, both.
#[inline(always)]
pub(super) fn add_biases<T: Scalar>(parameters: Parameters<T>, summed: usize, bias: &mut [T]) {
    copy(parameters.bias_ih, bias);
    for (bias, bias_hh) in bias.iter_mut().zip(parameters.bias_hh).take(summed) {
        *bias += *bias_hh;
    }
}

/// The products with the input, of all steps of a single sample.
pub(super) struct Project<'a, T, F> {
    pub(super) weight: &'a [T],
    pub(super) bias: &'a [T],
    /// The input: a row a step.
    pub(super) factors: F,
    /// The stride between features of the input.
    pub(super) term: usize,
    pub(super) gates: &'a mut [T],
    /// How many values a step has in `gates`.
    pub(super) kept: usize,
}

impl<T: Scalar, F: Factors<T>> Kernel for Project<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { weight, bias, factors, term, gates, kept } = self;
        for gates in gates.chunks_exact_mut(kept.max(1)) {
            copy(bias, gates);
        }
        let (lanes, steps) = (bias.len(), gates.len() / kept.max(1));
        let terms = Terms::new(weight.len() / lanes.max(1), term, lanes);
        let product = Product { factors, lanes: weight, terms, start: Start::Output };
        product.run::<I, 1>(isa, Output { values: gates, distance: kept, rows: steps, lanes });
    }
}

/// The sums of a step's gates.
struct Sums<'a, T, const BATCH: usize> {
    parameters: Parameters<'a, T>,
    bias: &'a [T],
    /// How many of the rows sum their products with the input and with the previous output.
    summed: usize,
    /// How many of the others have their products with the previous output in rows of their own, after all gates.
    apart: usize,
    input: &'a [T],
    previous: &'a [T],
    gates: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for Sums<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { parameters: Parameters { weight_ih, weight_hh, bias_hh, .. }, bias, summed, apart, .. } = self;
        let rows = bias.len();
        let (weight_alone, bias_alone) =
            (weight_hh.get(summed..).unwrap_or_default(), bias_hh.get(summed..).unwrap_or_default());
        let products = [
            (weight_ih, self.input, 0..rows, Start::Bias(bias)),
            (weight_hh, self.previous, 0..summed, Start::Output),
            (weight_alone, self.previous, rows..rows + apart, Start::Bias(bias_alone)),
        ];
        for (weight, lanes, range, start) in products {
            let gates = self.gates.get_mut(range.start * BATCH..range.end * BATCH).unwrap_or_default();
            multiply::<I, T, BATCH>(isa, weight, rows, lanes, start, gates);
        }
    }
}

/// Adds to the sums of gates their products with the reset output.
struct AddReset<'a, T, const BATCH: usize> {
    /// The matrix, from the first row of these gates on.
    weight: &'a [T],
    /// How many rows the matrix has.
    rows: usize,
    reset: &'a [T],
    gates: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for AddReset<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        multiply::<I, T, BATCH>(isa, self.weight, self.rows, self.reset, Start::Output, self.gates);
    }
}
