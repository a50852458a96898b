//! Gated recurrent unit over a sequence, from a hidden state of zeros. PyTorch: `torch.nn.GRU(IN, H, batch_first=True)`.
//!
//! ```text
//! r      = σ(weight_ih[r] · input + bias_ih[r] + weight_hh[r] · previous + bias_hh[r])    [BATCH, H]   each step
//! z      = σ(weight_ih[z] · input + bias_ih[z] + weight_hh[z] · previous + bias_hh[z])    [BATCH, H]
//! hidden = weight_hh[n] · previous + bias_hh[n]                                           [BATCH, H]
//! n      = tanh(weight_ih[n] · input + bias_ih[n] + r · hidden)                           [BATCH, H]
//! output = (1 - z) · n + z · previous                                                     [BATCH, H]
//! ```
//!
//! `input` is `[BATCH, steps · IN]`, `output` is `[BATCH, steps · H]`, `previous` is the output of the step before. The
//! rows of `weight_ih`, `[GATES, IN]`, `weight_hh`, `[GATES, H]`, and the biases, `[GATES]`, are those of r, z and n:
//! GATES = 3 · H.
//!
//! # Backward
//!
//! From the last step to the first; `grad_state` is the gradient of a step's output.
//!
//! ```text
//! grad_state  = grad_output                                    term 1: from the layer above
//!             + z' · grad_state'                               term 2: kept by the next step, its values with a dash
//!             + Σ_gates weight_hh · (grad_r', grad_z', grad_hidden')   term 3: through the gates of the next step
//! grad_n      = grad_state · (1 - z) · (1 - n²)
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
//! Cached, for each step: r, z, n and hidden, of which `backward_shared` makes their gradients, those of r, z and n
//! before the σ and the tanh.
//!
//! With two directions, `output` is `[BATCH, steps · 2 · H]`: each step's output of the forward direction, then that of the
//! reverse direction, which has parameters of its own and begins with the last step.

#[cfg(test)]
mod tests;

use crate::families::recurrent::{Cell, Differentiate, blocks, recurrent};
use crate::kernels::Isa;
use crate::math;
use crate::scalar::{Scalar, flush_state};

recurrent!(Gru, () => Gru);

#[derive(Clone, Copy)]
struct Gru;

impl Cell for Gru {
    const GATES: usize = 3;
    const SUMMED: usize = 2;

    #[inline(always)]
    fn gate<I: Isa, T: Scalar>(self, isa: I, _index: usize, sums: &mut [T]) {
        for sum in sums {
            *sum = math::sigmoid(isa, *sum);
        }
    }

    #[inline(always)]
    fn combine<I: Isa, T: Scalar>(self, isa: I, previous: &[T], _carried: &mut [T], gates: &mut [T], output: &mut [T]) {
        let [r, z, n, hidden] = blocks(gates);
        for ((n, r), hidden) in n.iter_mut().zip(r).zip(hidden) {
            *n = math::tanh(isa, isa.mul_add(*r, *hidden, *n));
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
}
