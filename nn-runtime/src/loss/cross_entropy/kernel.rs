//! Softmax fused with the loss, for both kinds of targets.

use super::classes::Classes;
use crate::kernels::{Isa, Kernel};
use crate::loss::{clear_padding, lane_of_targets, sum_of_rows};
use crate::math::{exp_nonpositive, ln};
use crate::scalar::Scalar;

/// The targets of a tile.
pub(super) trait Targets<T, const BATCH: usize> {
    fn rows(&self) -> usize;

    /// Of each row, `Σ target` and `Σ target · output`, at one step.
    fn sums(&self, step: usize, output: &[[T; BATCH]]) -> [[T; BATCH]; 2];

    /// `grad -= target · scale`, at one step.
    fn subtract(&self, step: usize, grad: &mut [[T; BATCH]], scale: T);
}

/// Rows with one class a step.
pub(super) struct ByClass<'a, C>(pub(super) &'a [&'a C]);

impl<C: Classes, T: Scalar, const BATCH: usize> Targets<T, BATCH> for ByClass<'_, C> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn sums(&self, step: usize, output: &[[T; BATCH]]) -> [[T; BATCH]; 2] {
        let mut logits = [T::ZERO; BATCH];
        for (row, (logit, target)) in logits.iter_mut().zip(self.0).enumerate() {
            let lane = target.class(step).and_then(|class| output.get(class));
            *logit = lane.and_then(|lane| lane.get(row)).copied().unwrap_or(T::ZERO);
        }
        [[T::ONE; BATCH], logits]
    }

    #[inline(always)]
    fn subtract(&self, step: usize, grad: &mut [[T; BATCH]], scale: T) {
        for (row, target) in self.0.iter().enumerate() {
            let lane = target.class(step).and_then(|class| grad.get_mut(class));
            if let Some(grad) = lane.and_then(|lane| lane.get_mut(row)) {
                *grad -= scale;
            }
        }
    }
}

/// Rows with the probabilities of the classes; they have one step.
pub(super) struct ByProbability<'a, T, const OUT: usize>(pub(super) &'a [&'a [T; OUT]]);

impl<T: Scalar, const BATCH: usize, const OUT: usize> Targets<T, BATCH> for ByProbability<'_, T, OUT> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn sums(&self, _step: usize, output: &[[T; BATCH]]) -> [[T; BATCH]; 2] {
        let [mut sum, mut product] = [[T::ZERO; BATCH]; 2];
        for (class, output) in output.iter().enumerate() {
            let target = lane_of_targets::<T, BATCH, OUT>(self.0, class);
            for (((sum, product), &output), &target) in sum.iter_mut().zip(&mut product).zip(output).zip(&target) {
                *sum += target;
                *product += target * output;
            }
        }
        [sum, product]
    }

    #[inline(always)]
    fn subtract(&self, _step: usize, grad: &mut [[T; BATCH]], scale: T) {
        for (class, grad) in grad.iter_mut().enumerate() {
            let target = lane_of_targets::<T, BATCH, OUT>(self.0, class);
            for (grad, &target) in grad.iter_mut().zip(&target) {
                *grad -= target * scale;
            }
        }
    }
}

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
            add_losses(isa, &mut losses, &max, &total, &self.targets.sums(step, output));
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
            let sums = self.targets.sums(step, lanes);
            let max = max_of_lanes(lanes);
            let total = exponentiate(isa, lanes, &max);
            add_losses(isa, &mut losses, &max, &total, &sums);
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

/// `losses += Σ target · (ln total + max) - Σ target · output`
#[inline(always)]
fn add_losses<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    losses: &mut [T; BATCH],
    max: &[T; BATCH],
    total: &[T; BATCH],
    [sum, product]: &[[T; BATCH]; 2],
) {
    let terms = max.iter().zip(total).zip(sum).zip(product);
    for (loss, (((&max, &total), &sum), &product)) in losses.iter_mut().zip(terms) {
        *loss += sum * (ln(isa, total) + max) - product;
    }
}
