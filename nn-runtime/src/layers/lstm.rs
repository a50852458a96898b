//! Long short-term memory over a sequence. PyTorch:
//! `torch.nn.LSTM(IN, H, batch_first=True)`.
//!
//! ```text
//! i      = σ(weight_ih[i] · input + bias_ih[i] + weight_hh[i] · previous + bias_hh[i])       [BATCH, H]   each step
//! f      = σ(weight_ih[f] · input + bias_ih[f] + weight_hh[f] · previous + bias_hh[f])       [BATCH, H]
//! g      = a(weight_ih[g] · input + bias_ih[g] + weight_hh[g] · previous + bias_hh[g])       [BATCH, H]
//! o      = σ(weight_ih[o] · input + bias_ih[o] + weight_hh[o] · previous + bias_hh[o])       [BATCH, H]
//! cell   = f · carried + i · g                                                               [BATCH, H]
//! output = o · a(cell)                                                                       [BATCH, H]
//! ```
//!
//! `input` is `[BATCH, steps · IN]`, `output` is `[BATCH, steps · H]`, `previous` and `carried` are the output and the cell
//! state of the step before. The rows of `weight_ih`, `[GATES, IN]`, `weight_hh`, `[GATES, H]`, and the biases, `[GATES]`, are
//! those of i, f, g and o: GATES = 4 · H. PyTorch's function a is tanh; with relu or sigmoid in its place, the layer is Keras's
//! `LSTM(H, activation=..)`.
//!
//! # Backward
//!
//! From the last step to the first; `grad_state` is the gradient of a step's output, `grad_cell` that of its cell state.
//!
//! ```text
//! grad_state  = grad_output                                          term 1: from the layer above
//!             + Σ_gates weight_hh · (grad_i', grad_f', grad_g', grad_o')   term 2: from the next step, its values with a dash
//! grad_cell   = f' · grad_cell'                                      term 3: kept by the next step
//!             + grad_state · o · a'(cell)                            term 4: through the output
//! grad_i      = grad_cell · g · i · (1 - i)
//! grad_f      = grad_cell · carried · f · (1 - f)
//! grad_g      = grad_cell · i · a'
//! grad_o      = grad_state · a(cell) · o · (1 - o)
//!
//! grad_weight_ih += Σ_batch Σ_step (grad_i, grad_f, grad_g, grad_o) · input
//! grad_weight_hh += Σ_batch Σ_step (grad_i, grad_f, grad_g, grad_o) · previous
//! grad_bias_ih   += Σ_batch Σ_step (grad_i, grad_f, grad_g, grad_o)
//! grad_bias_hh   += Σ_batch Σ_step (grad_i, grad_f, grad_g, grad_o)
//! grad_input      = Σ_gates weight_ih · (grad_i, grad_f, grad_g, grad_o)
//! ```
//!
//! Cached, for each step: i, f, g and o, of which `backward_shared` makes the gradients of their sums, and `carried`. The
//! cell state and a(cell) are computed again: H values saved for one function each. a' is `1 - a²` of tanh, `a · (1 - a)` of
//! sigmoid, and of relu 1 where a is positive, else 0.
//!
//! `start` is the hidden state and the cell state before the first step (PyTorch's `h_0` and `c_0`), zeros if they are not given.
//! `backward_h_0` and `backward_c_0` read their gradients, which `backward_shared` leaves in the last columns of the cache. With lengths, the outputs and the states of a sample are
//! zeros from its length on, as in a packed sequence; the reverse direction begins with its last step.
//!
//! With two directions, `output` is `[BATCH, steps · 2 · H]`: each step's output of the forward direction, then that of the
//! reverse direction, which has parameters of its own and begins with the last step.

#[cfg(test)]
mod tests;

pub use crate::families::elementwise::{Relu, Sigmoid, Tanh};
pub use crate::families::lengths::{Lengths, Whole};

use crate::families::elementwise::Elementwise;
use crate::families::recurrent::{Cell, Differentiate, blocks, recurrent};
use crate::kernels::{Isa, Lanes, each_column, load, store};
use crate::scalar::{Scalar, flush_state};

recurrent!([A: Elementwise] Lstm<A>, as large as Lstm<Tanh>);

/// Overwrites `grad` with the gradient of the cell state before the first step.
#[inline]
pub fn backward_c_0<I: Isa, T: Scalar, A: Elementwise, const BATCH: usize, const N: usize, const CACHE: usize>(
    _isa: I,
    _cell: Lstm<A>,
    cache: &SMatrix<T, BATCH, CACHE>,
    grad: &mut SMatrix<T, BATCH, N>,
) {
    backward_start::<Lstm<A>, T, BATCH, N, CACHE>(1, cache, grad);
}

/// The formulas, with the function a: [`Tanh`], [`Relu`] or [`Sigmoid`].
#[derive(Clone, Copy, Debug)]
pub struct Lstm<A>(pub A);

/// `cell = f · cell + i · g`, in registers of cells: what is written a value at a time can only be read back as a register
/// once it has reached the cache.
struct Carry<'a, T> {
    cells: &'a mut [T],
    i: &'a [T],
    f: &'a [T],
    g: &'a [T],
}

impl<T: Scalar> Lanes for Carry<'_, T> {
    #[inline(always)]
    fn run<I: Isa, const L: usize>(&mut self, isa: I, lane: usize) {
        let (i, g): ([T; L], [T; L]) = (load(self.i, lane), load(self.g, lane));
        let mut cells: [T; L] = core::array::from_fn(|unit| i[unit] * g[unit]);
        isa.add_products(&load(self.f, lane), &load(self.cells, lane), &mut cells);
        store(self.cells, lane, cells);
    }
}

impl<A: Elementwise> Cell for Lstm<A> {
    const GATES: usize = 4;
    const CARRIED: usize = 1;

    #[inline(always)]
    fn gate<I: Isa, T: Scalar>(self, isa: I, index: usize, sums: &mut [T]) {
        if index == 2 {
            for sum in sums {
                *sum = self.0.output(isa, *sum);
            }
        } else {
            for sum in sums {
                *sum = Sigmoid.output(isa, *sum);
            }
        }
    }

    #[inline(always)]
    fn combine<I: Isa, T: Scalar>(self, isa: I, _previous: &[T], carried: &mut [T], gates: &mut [T], output: &mut [T]) {
        let [i, f, g, o] = blocks(gates);
        each_column(isa, carried.len(), &mut Carry { cells: &mut *carried, i, f, g });
        for ((output, o), cell) in output.iter_mut().zip(o).zip(carried) {
            *output = *o * self.0.output(isa, *cell);
            *cell = flush_state(*cell);
        }
    }

    #[inline(always)]
    fn differentiate<I: Isa, T: Scalar>(self, isa: I, step: Differentiate<T>) {
        let [i, f, g, o] = blocks(step.gates);
        let outer = step.grad_output.iter().zip(step.grad_state).zip(step.carried).zip(step.grad_carried);
        let gates = i.iter_mut().zip(f).zip(g).zip(o);
        for ((((grad_output, grad_state), carried), grad_carried), (((i, f), g), o)) in outer.zip(gates) {
            let grad = *grad_output + *grad_state; // terms 1 and 2
            *grad_state = T::ZERO;
            let shown = self.0.output(isa, isa.mul_add(*f, *carried, *i * *g));
            let through_output = self.0.gradient(isa, shown, grad * *o);
            let grad_cell = *grad_carried + through_output; // terms 3 and 4
            *grad_carried = grad_cell * *f;
            let grad_i = Sigmoid.gradient(isa, *i, grad_cell * *g);
            let grad_f = Sigmoid.gradient(isa, *f, grad_cell * *carried);
            let grad_g = self.0.gradient(isa, *g, grad_cell * *i);
            let grad_o = Sigmoid.gradient(isa, *o, grad * shown);
            (*i, *f, *g, *o) = (grad_i, grad_f, grad_g, grad_o);
        }
    }
}
