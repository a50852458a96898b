//! Normalisation of groups of neighbouring columns, each sample by itself: of layer, group and root-mean-square norms.
//!
//! ```text
//! mean   = Σ input / size                              [BATCH, groups]   0 where it is not subtracted
//! rstd   = 1 / sqrt(Σ (input - mean)² / size + eps)    [BATCH, groups]   biased variance
//! norm   = (input - mean) · rstd                       [BATCH, groups, size]
//! output = norm · weight + bias                        [BATCH, groups, size]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_weight += Σ grad_output · norm                          over the samples and columns of a weight
//! grad_bias   += Σ grad_output
//! grad_norm    = grad_output · weight
//! grad_input   = rstd · (grad_norm                             term 1: through norm
//!                        - mean(grad_norm)                     term 2: through mean
//!                        - norm · mean(grad_norm · norm))      term 3: through rstd
//! ```
//!
//! Cached: `rstd`, and `mean` where there is one. `norm` is computed again.

mod statistics;

use core::ops::Range;

use crate::kernels::{Isa, Kernel, sum_samples};
use crate::scalar::Scalar;
use statistics::Statistics;

/// How the columns of a sample are divided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Groups {
    /// The columns of a group, which is normalised by itself.
    pub(crate) size: usize,
    /// The neighbouring columns that share a weight.
    pub(crate) length: usize,
    /// The number of weights; they begin anew after so many.
    pub(crate) weights: usize,
    /// Whether the mean is subtracted.
    pub(crate) is_centred: bool,
}

impl Groups {
    /// The lanes that the cache has for a group.
    pub(crate) const fn kept(self) -> usize {
        1 + self.is_centred as usize
    }

    /// The weights of a group's columns.
    #[inline(always)]
    fn weights_of(self, group: usize) -> Range<usize> {
        let count = self.size / self.length.max(1);
        let begin = group * count % self.weights.max(1);
        begin..begin + count
    }
}

/// Overwrites the output, and as much as there is of the cache.
pub(crate) struct Normalise<'a, T, const BATCH: usize> {
    pub(crate) groups: Groups,
    pub(crate) eps: T,
    pub(crate) weight: &'a [T],
    /// Empty where there is none.
    pub(crate) bias: &'a [T],
    pub(crate) input: &'a [[T; BATCH]],
    pub(crate) output: &'a mut [[T; BATCH]],
    /// Empty in evaluation mode.
    pub(crate) cache: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Normalise<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Groups { size, length, is_centred, .. } = self.groups;
        let mut kept = self.cache.chunks_exact_mut(self.groups.kept());
        let parts = self.input.chunks_exact(size.max(1)).zip(self.output.chunks_exact_mut(size.max(1)));
        for (group, (input, output)) in parts.enumerate() {
            let statistics = Statistics::measure(isa, input, is_centred, self.eps);
            if let Some(kept) = kept.next() {
                statistics.keep(kept);
            }
            let weights = self.weight.get(self.groups.weights_of(group)).unwrap_or_default();
            let mut biases = self.bias.get(self.groups.weights_of(group)).unwrap_or_default().iter();
            let columns = input.chunks(length.max(1)).zip(output.chunks_mut(length.max(1)));
            for (&weight, (input, output)) in weights.iter().zip(columns) {
                let bias = biases.next().copied().unwrap_or(T::ZERO);
                for (input, output) in input.iter().zip(output) {
                    let rows = input.iter().zip(output).zip(statistics.rows());
                    for ((&value, output), (&mean, &rstd)) in rows {
                        *output = isa.mul_add((value - mean) * rstd, weight, bias);
                    }
                }
            }
        }
    }
}

/// Adds to the gradients of weight and bias.
pub(crate) struct AddSums<'a, T, const BATCH: usize> {
    pub(crate) groups: Groups,
    pub(crate) input: &'a [[T; BATCH]],
    pub(crate) cache: &'a [[T; BATCH]],
    pub(crate) grad_output: &'a [[T; BATCH]],
    pub(crate) grad_weight: &'a mut [T],
    /// Empty where there is no bias.
    pub(crate) grad_bias: &'a mut [T],
}

impl<T: Scalar, const BATCH: usize> Kernel for AddSums<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Groups { size, length, .. } = self.groups;
        let parts = self.input.chunks_exact(size.max(1)).zip(self.grad_output.chunks_exact(size.max(1)));
        let kept = self.cache.chunks_exact(self.groups.kept());
        for (group, ((input, grad_output), kept)) in parts.zip(kept).enumerate() {
            let statistics = Statistics::kept(kept);
            let grad_weights = self.grad_weight.get_mut(self.groups.weights_of(group)).unwrap_or_default();
            let mut grad_biases = self.grad_bias.get_mut(self.groups.weights_of(group)).unwrap_or_default().iter_mut();
            let columns = input.chunks(length.max(1)).zip(grad_output.chunks(length.max(1)));
            for (grad_weight, (input, grad_output)) in grad_weights.iter_mut().zip(columns) {
                let (mut sums, mut moments) = ([T::ZERO; BATCH], [T::ZERO; BATCH]);
                for (input, grad_output) in input.iter().zip(grad_output) {
                    let rows = input.iter().zip(grad_output).zip(statistics.rows());
                    for ((sum, moment), ((&value, &grad), (&mean, &rstd))) in
                        sums.iter_mut().zip(&mut moments).zip(rows)
                    {
                        *sum += grad;
                        *moment = isa.mul_add(grad, (value - mean) * rstd, *moment);
                    }
                }
                *grad_weight += sum_samples(&moments, BATCH);
                if let Some(grad_bias) = grad_biases.next() {
                    *grad_bias += sum_samples(&sums, BATCH);
                }
            }
        }
    }
}

/// Overwrites the input with its gradient.
pub(crate) struct InputGradient<'a, T, const BATCH: usize> {
    pub(crate) groups: Groups,
    pub(crate) weight: &'a [T],
    pub(crate) cache: &'a [[T; BATCH]],
    pub(crate) grad_output: &'a [[T; BATCH]],
    pub(crate) input_then_grad: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for InputGradient<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Groups { size, length, is_centred, .. } = self.groups;
        let parts = self.grad_output.chunks_exact(size.max(1)).zip(self.input_then_grad.chunks_exact_mut(size.max(1)));
        let kept = self.cache.chunks_exact(self.groups.kept());
        for (group, ((grad_output, input_then_grad), kept)) in parts.zip(kept).enumerate() {
            let statistics = Statistics::kept(kept);
            let weights = self.weight.get(self.groups.weights_of(group)).unwrap_or_default();
            let (mut sums, mut moments) = ([T::ZERO; BATCH], [T::ZERO; BATCH]);
            let columns = grad_output.chunks(length.max(1)).zip(input_then_grad.chunks(length.max(1)));
            for (&weight, (grad_output, input)) in weights.iter().zip(columns) {
                for (grad_output, input) in grad_output.iter().zip(input) {
                    let rows = grad_output.iter().zip(input).zip(&statistics.mean);
                    for ((sum, moment), ((&grad, &value), &mean)) in sums.iter_mut().zip(&mut moments).zip(rows) {
                        let grad_norm = grad * weight;
                        *sum += grad_norm;
                        *moment = isa.mul_add(grad_norm, value - mean, *moment);
                    }
                }
            }
            let [through_mean, through_rstd] = statistics.through(&sums, &moments, size, is_centred);
            let columns = grad_output.chunks(length.max(1)).zip(input_then_grad.chunks_mut(length.max(1)));
            for (&weight, (grad_output, input_then_grad)) in weights.iter().zip(columns) {
                for (grad_output, input_then_grad) in grad_output.iter().zip(input_then_grad) {
                    let rows = grad_output.iter().zip(input_then_grad).zip(statistics.rows());
                    let terms = through_mean.iter().zip(&through_rstd);
                    for (((&grad, value), (&mean, &rstd)), (&through_mean, &through_rstd)) in rows.zip(terms) {
                        let term1_2 = isa.mul_add(grad, weight, -through_mean);
                        *value = rstd * isa.mul_add(mean - *value, through_rstd, term1_2);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
