//! Softmax fused with the loss, for all kinds of targets.

use super::targets::Targets;
use crate::kernels::{Isa, Kernel};
use crate::loss::{clear_padding, sum_of_rows};
use crate::math::{exp_nonpositive, ln};
use crate::scalar::Scalar;

/// The sum of the samples' losses.
pub(super) struct Value<'a, T, R, const BATCH: usize> {
    pub(super) output: &'a [[T; BATCH]],
    pub(super) classes: usize,
    pub(super) targets: R,
}

impl<T: Scalar, R: Targets<T, BATCH>, const BATCH: usize> Kernel for Value<'_, T, R, BATCH> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        let (mut losses, mut steps) = ([T::ZERO; BATCH], T::ZERO);
        for (step, output) in self.output.chunks_exact(self.classes).enumerate() {
            let max = max_of_lanes(output);
            let mut total = [T::ZERO; BATCH];
            for lane in output {
                for ((total, &output), &max) in total.iter_mut().zip(lane).zip(&max) {
                    *total += exp_nonpositive(isa, output - max);
                }
            }
            add_losses(isa, &mut losses, &total, &self.targets.sums(step, output, &max));
            steps += T::ONE;
        }
        sum_of_rows(&losses, self.targets.rows()) / steps
    }
}

/// The sum of the samples' losses, and the gradient.
pub(super) struct Gradient<'a, T, R, const BATCH: usize> {
    pub(super) output_then_grad: &'a mut [[T; BATCH]],
    pub(super) classes: usize,
    pub(super) targets: R,
    pub(super) scale: T,
}

impl<T: Scalar, R: Targets<T, BATCH>, const BATCH: usize> Kernel for Gradient<'_, T, R, BATCH> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> T {
        let rows = self.targets.rows();
        let steps = T::from_f64((self.output_then_grad.len() / self.classes) as f64);
        let scale = self.scale / steps;
        let mut losses = [T::ZERO; BATCH];
        for (step, lanes) in self.output_then_grad.chunks_exact_mut(self.classes).enumerate() {
            let max = max_of_lanes(lanes);
            let sums = self.targets.sums(step, lanes, &max);
            let total = exponentiate(isa, lanes, &max);
            add_losses(isa, &mut losses, &total, &sums);
            scale_lanes(lanes, &sums[0], &total, scale);
            self.targets.subtract(step, lanes, scale);
            for lane in lanes {
                clear_padding(lane, rows);
            }
        }
        sum_of_rows(&losses, rows) / steps
    }
}

#[inline(always)]
fn max_of_lanes<T: Scalar, const BATCH: usize>(lanes: &[[T; BATCH]]) -> [T; BATCH] {
    let Some((first, others)) = lanes.split_first() else { return [T::ZERO; BATCH] };
    let mut max = *first;
    for lane in others {
        for (max, &value) in max.iter_mut().zip(lane) {
            *max = if value > *max { value } else { *max };
        }
    }
    max
}

/// `lanes = e^(lanes - max)`; returns the sum of each row.
#[inline(always)]
fn exponentiate<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    lanes: &mut [[T; BATCH]],
    max: &[T; BATCH],
) -> [T; BATCH] {
    let mut total = [T::ZERO; BATCH];
    for lane in lanes {
        for ((value, total), &max) in lane.iter_mut().zip(&mut total).zip(max) {
            *value = exp_nonpositive(isa, *value - max);
            *total += *value;
        }
    }
    total
}

/// `lanes *= Σ target / total · scale`
#[inline(always)]
fn scale_lanes<T: Scalar, const BATCH: usize>(
    lanes: &mut [[T; BATCH]],
    sum_of_target: &[T; BATCH],
    total: &[T; BATCH],
    scale: T,
) {
    let mut factor = *total;
    for (factor, &sum) in factor.iter_mut().zip(sum_of_target) {
        *factor = sum * scale / *factor;
    }
    for lane in lanes {
        for (value, &factor) in lane.iter_mut().zip(&factor) {
            *value *= factor;
        }
    }
}

/// `losses += Σ target · ln total - Σ target · (output - max)`
#[inline(always)]
fn add_losses<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    losses: &mut [T; BATCH],
    total: &[T; BATCH],
    [sum, product]: &[[T; BATCH]; 2],
) {
    let terms = total.iter().zip(sum).zip(product);
    for (loss, ((&total, &sum), &product)) in losses.iter_mut().zip(terms) {
        *loss += sum * ln(isa, total) - product;
    }
}
