//! Recurrent layer without gates over a sequence. PyTorch:
//! `torch.nn.RNN(IN, H, nonlinearity, batch_first=True)`.
//!
//! ```text
//! output = f(weight_ih · input + bias_ih + weight_hh · previous + bias_hh)    [BATCH, H]   each step
//! ```
//!
//! `input` is `[BATCH, steps · IN]`, `output` is `[BATCH, steps · H]`, `previous` is the output of the step before, f is
//! tanh or relu. `weight_ih` is `[H, IN]`, `weight_hh` is `[H, H]`, the biases are `[H]`.
//!
//! # Backward
//!
//! From the last step to the first.
//!
//! ```text
//! grad_sum = f' · (grad_output                      term 1: from the layer above
//!                  + weight_hh · grad_sum')         term 2: from the next step, its value with a dash
//!
//! grad_weight_ih += Σ_batch Σ_step grad_sum · input
//! grad_weight_hh += Σ_batch Σ_step grad_sum · previous
//! grad_bias_ih   += Σ_batch Σ_step grad_sum
//! grad_bias_hh   += Σ_batch Σ_step grad_sum
//! grad_input      = weight_ih · grad_sum
//! ```
//!
//! f' is `1 - output²`, or 1 where the output is positive, else 0. Cached, for each step: the sum, of which
//! `backward_shared` makes its gradient.
//!
//! `start` is the hidden state before the first step (PyTorch's `h_0`), zeros if it is not given.
//! `backward_h_0` reads its gradient, which `backward_shared` leaves in the last columns of the cache. With lengths, the outputs and the states of a sample are
//! zeros from its length on, as in a packed sequence; the reverse direction begins with its last step.
//!
//! With two directions, `output` is `[BATCH, steps · 2 · H]`: each step's output of the forward direction, then that of the
//! reverse direction, which has parameters of its own and begins with the last step.

#[cfg(test)]
mod tests;

pub use crate::families::elementwise::{Relu, Tanh};
pub use crate::families::lengths::{Lengths, Whole};

use crate::families::elementwise::Elementwise;
use crate::families::recurrent::{Cell, Differentiate, recurrent};
use crate::kernels::Isa;
use crate::scalar::{Scalar, flush_state};

recurrent!([A: Elementwise] Rnn<A>, as large as Rnn<Tanh>);

/// The formulas, with f: [`Tanh`] or [`Relu`].
#[derive(Clone, Copy, Debug)]
pub struct Rnn<A>(pub A);

impl<A: Elementwise> Cell for Rnn<A> {
    const GATES: usize = 1;

    #[inline(always)]
    fn gate<I: Isa, T: Scalar>(self, isa: I, _index: usize, sums: &mut [T]) {
        for sum in sums {
            *sum = self.0.output(isa, *sum);
        }
    }

    #[inline(always)]
    fn combine<I: Isa, T: Scalar>(self, _: I, _previous: &[T], _carried: &mut [T], gates: &mut [T], output: &mut [T]) {
        for (output, gate) in output.iter_mut().zip(gates) {
            *output = flush_state(*gate);
        }
    }

    #[inline(always)]
    fn differentiate<I: Isa, T: Scalar>(self, isa: I, step: Differentiate<T>) {
        let outer = step.output.iter().zip(step.grad_output).zip(step.grad_state);
        for (((output, grad_output), grad_state), grad_sum) in outer.zip(step.gates) {
            *grad_sum = self.0.gradient(isa, *output, *grad_output + *grad_state); // terms 1 and 2
            *grad_state = T::ZERO;
        }
    }
}
