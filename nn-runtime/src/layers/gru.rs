//! Gated recurrent unit over a sequence. PyTorch: `torch.nn.GRU(IN, H, batch_first=True)`.
//!
//! ```text
//! r      = σ(weight_ih[r] · input + bias_ih[r] + weight_hh[r] · previous + bias_hh[r])    [BATCH, H]   each step
//! z      = σ(weight_ih[z] · input + bias_ih[z] + weight_hh[z] · previous + bias_hh[z])    [BATCH, H]
//! hidden = weight_hh[n] · previous + bias_hh[n]                                           [BATCH, H]
//! n      = a(weight_ih[n] · input + bias_ih[n] + r · hidden)                              [BATCH, H]
//! output = (1 - z) · n + z · previous                                                     [BATCH, H]
//! ```
//!
//! `input` is `[BATCH, steps · IN]`, `output` is `[BATCH, steps · H]`, `previous` is the output of the step before. The
//! rows of `weight_ih`, `[GATES, IN]`, `weight_hh`, `[GATES, H]`, and the biases, `[GATES]`, are those of r, z and n:
//! GATES = 3 · H. The function a is tanh in PyTorch; relu and sigmoid are available, too.
//!
//! Cho et al. (2014) reset the state before the product, as do Keras's `GRU(H, reset_after=False)` and ONNX's
//! `linear_before_reset = 0`:
//!
//! ```text
//! reset  = r · previous                                                                       [BATCH, H]
//! n      = a(weight_ih[n] · input + bias_ih[n] + weight_hh[n] · reset + bias_hh[n])           [BATCH, H]
//! ```
//!
//! # Backward
//!
//! From the last step to the first; `grad_state` is the gradient of a step's output.
//!
//! ```text
//! grad_state  = grad_output                                    term 1: from the layer above
//!             + z' · grad_state'                               term 2: kept by the next step, its values with a dash
//!             + Σ_gates weight_hh · (grad_r', grad_z', grad_hidden')   term 3: through the gates of the next step
//! grad_n      = grad_state · (1 - z) · a'
//! grad_hidden = grad_n · r
//! grad_r      = grad_n · hidden · r · (1 - r)
//! grad_z      = grad_state · (previous - n) · z · (1 - z)
//!
//! grad_weight_ih += Σ_batch Σ_step (grad_r, grad_z, grad_n) · input
//! grad_weight_hh += Σ_batch Σ_step (grad_r, grad_z, grad_hidden) · previous
//! grad_bias_ih   += Σ_batch Σ_step (grad_r, grad_z, grad_n)
//! grad_bias_hh   += Σ_batch Σ_step (grad_r, grad_z, grad_hidden)
//! grad_input      = Σ_gates weight_ih · (grad_r, grad_z, grad_n)
//! ```
//!
//! a' is `1 - n²` of tanh, `n · (1 - n)` of sigmoid, and of relu 1 where n is positive, else 0. With the state reset before the
//! product, there is no `grad_hidden`, and these differ:
//!
//! ```text
//! grad_reset  = weight_hh[n] · grad_n
//! grad_r      = grad_reset · previous · r · (1 - r)
//! grad_state  = term 1 + term 2
//!             + Σ_r,z weight_hh · (grad_r', grad_z')           term 3: through the first gates of the next step
//!             + grad_reset' · r'                               term 4: through its reset output
//!
//! grad_weight_hh[r, z] += Σ_batch Σ_step (grad_r, grad_z) · previous
//! grad_weight_hh[n]    += Σ_batch Σ_step grad_n · reset
//! grad_bias_hh         += Σ_batch Σ_step (grad_r, grad_z, grad_n)
//! ```
//!
//! Cached, for each step: r, z, n and hidden, of which `backward_shared` makes their gradients, those of r, z and n
//! before the σ and the a. In the place of hidden stands reset, and stays.
//!
//! `start` is the hidden state before the first step (PyTorch's `h_0`), zeros if it is not given.
//! `backward_h_0` reads its gradient, which `backward_shared` leaves in the last columns of the cache. With lengths, the outputs and the states of a sample are
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
use crate::kernels::Isa;
use crate::scalar::{Scalar, flush_state};

recurrent!([const RESET_AFTER: bool, A: Elementwise] Gru<RESET_AFTER, A>, as large as Gru<true, Tanh>);

/// The formulas, with the reset gate after the product or before it, and the function a: [`Tanh`], [`Relu`] or [`Sigmoid`].
#[derive(Clone, Copy, Debug)]
pub struct Gru<const RESET_AFTER: bool, A>(pub A);

impl<const RESET_AFTER: bool, A: Elementwise> Cell for Gru<RESET_AFTER, A> {
    const GATES: usize = 3;
    const SUMMED: usize = 2;
    const RESETS: bool = !RESET_AFTER;

    #[inline(always)]
    fn gate<I: Isa, T: Scalar>(self, isa: I, _index: usize, sums: &mut [T]) {
        for sum in sums {
            *sum = Sigmoid.output(isa, *sum);
        }
    }

    #[inline(always)]
    fn reset<I: Isa, T: Scalar>(self, _isa: I, previous: &[T], gates: &mut [T], reset: &mut [T]) {
        let [r, _] = blocks(gates);
        for ((reset, r), previous) in reset.iter_mut().zip(r).zip(previous) {
            *reset = *r * *previous;
        }
    }

    #[inline(always)]
    fn combine<I: Isa, T: Scalar>(self, isa: I, previous: &[T], _carried: &mut [T], gates: &mut [T], output: &mut [T]) {
        let [r, z, n, hidden] = blocks(gates);
        for ((n, r), hidden) in n.iter_mut().zip(r).zip(hidden) {
            *n = self.0.output(isa, if const { RESET_AFTER } { isa.mul_add(*r, *hidden, *n) } else { *n });
        }
        for (((output, n), z), previous) in output.iter_mut().zip(n).zip(z).zip(previous) {
            *output = flush_state(isa.mul_add(*z, *previous - *n, *n));
        }
    }

    #[inline(always)]
    fn differentiate<I: Isa, T: Scalar>(self, isa: I, step: Differentiate<T>) {
        let [r, z, n, hidden] = blocks(step.gates);
        let outer = step.previous.iter().zip(step.grad_output).zip(step.grad_state);
        let gates = r.iter_mut().zip(z).zip(n).zip(hidden);
        for (((previous, grad_output), grad_state), (((r, z), n), hidden)) in outer.zip(gates) {
            let grad = *grad_output + *grad_state; // terms 1 to 4
            let grad_n = self.0.gradient(isa, *n, grad * (T::ONE - *z));
            let grad_z = Sigmoid.gradient(isa, *z, grad * (*previous - *n));
            *grad_state = grad * *z;
            if const { RESET_AFTER } {
                let grad_r = Sigmoid.gradient(isa, *r, grad_n * *hidden);
                *hidden = grad_n * *r;
                *r = grad_r;
            } else {
                *hidden = T::ZERO;
            }
            (*z, *n) = (grad_z, grad_n);
        }
    }

    #[inline(always)]
    fn differentiate_reset<I: Isa, T: Scalar>(self, isa: I, previous: &[T], gates: &mut [T], grad_state: &mut [T]) {
        let [r, _, _, reset] = blocks(gates);
        for (((r, reset), previous), grad_state) in r.iter_mut().zip(reset).zip(previous).zip(grad_state) {
            let grad_reset = *reset;
            *reset = *r * *previous;
            *grad_state = isa.mul_add(grad_reset, *r, *grad_state); // term 4
            *r = Sigmoid.gradient(isa, *r, grad_reset * *previous);
        }
    }
}
