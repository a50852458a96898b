//! What recurrent layers share: everything but the formulas of their gates, which are a [`Cell`].
//!
//! ```text
//! sums[t]            = weight_ih · input[t] + bias_ih + weight_hh · previous + bias_hh
//! gates[t]           = gate(sums[t])
//! output[t], carried = combine(gates[t], previous, carried)
//! ```
//!
//! `previous` is the output of the step before, or after it in the reverse direction, whose outputs stand beside those of
//! the forward direction. Weights are blocks of `H` rows, a block a gate; a step's lanes are blocks of `H · BATCH`.
//!
//! A batch fills the registers with the samples of a step; a single sample fills them with the gates, and what does not
//! depend on the step before is one product over all steps.

#![expect(clippy::similar_names, reason = "weight_ih and weight_hh are PyTorch's names")]

mod backward;
mod block;
mod forward;
mod functions;
mod single;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use backward::{BackwardInput, BackwardParameters, BackwardShared, Gradients};
pub(crate) use block::Block;
pub(crate) use forward::Forward;
pub(crate) use functions::recurrent;
pub(crate) use single::Step;

use nalgebra::{SMatrix, SVector};

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// The formulas of a recurrent layer. Implementations are `#[inline(always)]`.
pub(crate) trait Cell: Copy {
    /// How many blocks of rows the weights have.
    const GATES: usize;
    /// Number of leading gates whose products with the input and with the previous output are added into one block. The recurrent
    /// products of the others have blocks of their own, after all gates.
    const SUMMED: usize = Self::GATES;
    /// Whether the remaining gates multiply `weight_hh` with the reset output instead of the previous output; the block after all
    /// gates then holds the reset output.
    const RESETS: bool = false;
    /// How many blocks a step hands to the next besides its output.
    const CARRIED: usize = 0;
    /// How many blocks the sums of a step fill.
    const BLOCKS: usize = 2 * Self::GATES - Self::SUMMED;
    /// How many blocks a step keeps for the backward pass: its gates, and what it was handed.
    const KEPT: usize = Self::BLOCKS + Self::CARRIED;
    /// Number of gates whose recurrent product has a block of its own.
    const APART: usize = if Self::RESETS { 0 } else { Self::GATES - Self::SUMMED };

    /// Makes the gate of an index, less than [`SUMMED`](Self::SUMMED), of its sums.
    fn gate<I: Isa, T: Scalar>(self, isa: I, index: usize, sums: &mut [T]);

    /// Overwrites `reset` with the reset output, computed from the first gates. Called only if the cell [`RESETS`](Self::RESETS).
    #[inline(always)]
    fn reset<I: Isa, T: Scalar>(self, _isa: I, _previous: &[T], _gates: &mut [T], _reset: &mut [T]) {}

    /// Makes the other gates of their sums, overwrites `output`, and `carried` with what the next step gets.
    fn combine<I: Isa, T: Scalar>(self, isa: I, previous: &[T], carried: &mut [T], gates: &mut [T], output: &mut [T]);

    /// Makes the gradients of the sums of the gates; if the cell [`RESETS`](Self::RESETS), of those after the first, and
    /// zeros of the reset output.
    fn differentiate<I: Isa, T: Scalar>(self, isa: I, step: Differentiate<T>);

    /// Computes the gradients of the first gates' sums from the gradient of the reset output in the last block, which it replaces by
    /// the reset output, and adds the part through `previous` to `grad_state`.
    #[inline(always)]
    fn differentiate_reset<I: Isa, T: Scalar>(self, _isa: I, _previous: &[T], _gates: &mut [T], _grad_state: &mut [T]) {
    }
}

/// Makes the gates of their sums, as many lanes each.
#[inline(always)]
fn make_gates<I: Isa, C: Cell, T: Scalar>(isa: I, cell: C, lanes: usize, sums: &mut [T]) {
    for (index, sums) in sums.chunks_exact_mut(lanes.max(1)).enumerate() {
        cell.gate(isa, index, sums);
    }
}

/// A step on the way back.
pub(crate) struct Differentiate<'a, T> {
    pub(crate) previous: &'a [T],
    pub(crate) output: &'a [T],
    pub(crate) grad_output: &'a [T],
    /// What the step was handed besides `previous`.
    pub(crate) carried: &'a [T],
    /// The gates, then the gradients of their sums.
    pub(crate) gates: &'a mut [T],
    /// The gradient that the step's output gets from the step after, then what `previous` gets other than through the
    /// sums.
    pub(crate) grad_state: &'a mut [T],
    /// The gradient of what the step hands on, then of what it was handed.
    pub(crate) grad_carried: &'a mut [T],
}

/// The blocks of some lanes.
#[inline(always)]
pub(crate) fn blocks<T, const COUNT: usize>(lanes: &mut [T]) -> [&mut [T]; COUNT] {
    let size = lanes.len() / COUNT.max(1);
    let mut blocks = lanes.chunks_exact_mut(size.max(1));
    core::array::from_fn(|_| blocks.next().unwrap_or_default())
}

/// One of the directions in which a layer goes through a sequence.
#[derive(Clone, Copy)]
pub(crate) struct Direction {
    /// 0, or 1 for the reverse direction.
    pub(crate) index: usize,
    /// How many directions there are.
    pub(crate) count: usize,
}

impl Direction {
    /// The columns of a step's output that are this direction's.
    #[inline(always)]
    pub(crate) fn part<T>(self, output: &[T]) -> &[T] {
        let lanes = output.len() / self.count.max(1);
        output.chunks_exact(lanes.max(1)).nth(self.index).unwrap_or_default()
    }

    /// The columns of a step's output that are this direction's, to be written.
    #[inline(always)]
    fn part_mut<T>(self, output: &mut [T]) -> &mut [T] {
        let lanes = output.len() / self.count.max(1);
        output.chunks_exact_mut(lanes.max(1)).nth(self.index).unwrap_or_default()
    }

    /// The state of this number before the first step: this direction's of those that are given, or `zeros`.
    #[inline(always)]
    pub(crate) fn start<'a, T>(self, given: &[Option<&'a [T]>], number: usize, zeros: &'a [T]) -> &'a [T] {
        given.get(number).copied().flatten().map_or(zeros, |given| self.part(given))
    }

    /// The steps of a sequence in this direction.
    #[inline(always)]
    fn steps<I>(self, steps: I) -> Steps<I> {
        Steps { steps, is_reverse: self.index > 0 }
    }

    /// The steps against this direction.
    #[inline(always)]
    fn steps_back<I>(self, steps: I) -> Steps<I> {
        Steps { steps, is_reverse: self.index == 0 }
    }
}

/// The steps of a sequence, from the first or from the last.
struct Steps<I> {
    steps: I,
    is_reverse: bool,
}

impl<I: DoubleEndedIterator> Iterator for Steps<I> {
    type Item = I::Item;

    #[inline(always)]
    fn next(&mut self) -> Option<I::Item> {
        if self.is_reverse { self.steps.next_back() } else { self.steps.next() }
    }
}

#[inline(always)]
pub(crate) fn copy<T: Scalar>(from: &[T], to: &mut [T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Overwrites `grad` with the gradient of the state of this number before the first step. The gradients of all of them are the
/// last columns of the cache.
#[inline(always)]
pub(crate) fn backward_start<C: Cell, T: Scalar, const BATCH: usize, const N: usize, const CACHE: usize>(
    number: usize,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    let first = CACHE.saturating_sub((1 + C::CARRIED - number) * N) * BATCH;
    copy(cache.as_slice().get(first..).unwrap_or_default(), grad.as_mut_slice());
}

/// The parameters of one direction.
#[derive(Clone, Copy)]
pub(crate) struct Parameters<'a, T> {
    weight_ih: &'a [T],
    weight_hh: &'a [T],
    bias_ih: &'a [T],
    bias_hh: &'a [T],
}

impl<'a, T: Scalar> Parameters<'a, T> {
    #[inline(always)]
    pub(crate) fn new<const GATES: usize, const IN: usize, const H: usize>(
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
        }
    }
}
