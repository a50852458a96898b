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
//! Where the variance and `eps` are both 0, `rstd` counts as 0: output and gradients are finite. Values whose variance is too large
//! or too small for the type take a slower path that gives what the equations give.
//!
//! Cached: `rstd`, and `mean` where there is one. `norm` is computed again.

mod batch;
mod extreme;
mod single;
mod statistics;

use core::ops::Range;

use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

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

    /// The number of weights of a group's columns.
    #[inline(always)]
    fn weights_of_each(self) -> usize {
        self.size / self.length.max(1)
    }

    /// The weights of a group's columns.
    #[inline(always)]
    fn weights_of(self, group: usize) -> Range<usize> {
        let count = self.weights_of_each();
        let begin = group * count % self.weights.max(1);
        begin..begin + count
    }

    /// The first group that has a weight, and how far the groups that have it are apart.
    #[inline(always)]
    fn groups_of(self, weight: usize) -> (usize, usize) {
        let count = self.weights_of_each().max(1);
        (weight / count, (self.weights / count).max(1))
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
        if const { BATCH == 1 } { single::normalise(isa, self) } else { batch::normalise(isa, self) }
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
        if const { BATCH == 1 } { single::add_sums(isa, self) } else { batch::add_sums(isa, self) }
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
        if const { BATCH == 1 } { single::input_gradient(isa, self) } else { batch::input_gradient(isa, self) }
    }
}

#[cfg(test)]
mod tests;
