//! Targets as what they are in the equations: one factor for each class of each row, mostly 0 where there is a class.

use crate::loss::classes::{ClassWeights, Classes, Counts};
use crate::loss::{lane_of_targets, times};
use crate::scalar::Scalar;

/// The targets of a tile.
pub(super) trait Targets<T: Scalar, const BATCH: usize> {
    fn rows(&self) -> usize;

    /// Of each row, `Σ target` and `Σ target · (output - max)`, at one step.
    fn sums(&self, step: usize, output: &[[T; BATCH]], max: &[T; BATCH]) -> [[T; BATCH]; 2];

    /// `grad -= target · scale`, at one step.
    fn subtract(&self, step: usize, grad: &mut [[T; BATCH]], scale: T);

    /// The rows that count at one step, with 1, and those that are ignored, with 0.
    fn counted(&self, _step: usize) -> [T; BATCH] {
        [T::ONE; BATCH]
    }
}

/// Rows with one class a step: its weight for the class, 0 for the others.
pub(super) struct ByClass<'a, C, W> {
    pub(super) rows: &'a [&'a C],
    pub(super) counts: Counts<W>,
}

impl<C: Classes, W: ClassWeights, T: Scalar, const BATCH: usize> Targets<T, BATCH> for ByClass<'_, C, W> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.rows.len()
    }

    #[inline(always)]
    fn sums(&self, step: usize, output: &[[T; BATCH]], max: &[T; BATCH]) -> [[T; BATCH]; 2] {
        let (mut weights, mut logits) = ([T::ONE; BATCH], *max);
        for (row, ((weight, logit), target)) in weights.iter_mut().zip(&mut logits).zip(self.rows).enumerate() {
            let Some(class) = target.class(step) else { continue };
            *weight = self.counts.of(class);
            *logit = output.get(class).and_then(|lane| lane.get(row)).map_or(T::ZERO, |&logit| logit);
        }
        for ((logit, &weight), &max) in logits.iter_mut().zip(&weights).zip(max) {
            *logit = times(weight, *logit - max);
        }
        [weights, logits]
    }

    #[inline(always)]
    fn subtract(&self, step: usize, grad: &mut [[T; BATCH]], scale: T) {
        for (row, target) in self.rows.iter().enumerate() {
            let Some(class) = target.class(step) else { continue };
            if let Some(grad) = grad.get_mut(class).and_then(|lane| lane.get_mut(row)) {
                *grad -= self.counts.of::<T>(class) * scale;
            }
        }
    }

    #[inline(always)]
    fn counted(&self, step: usize) -> [T; BATCH] {
        let mut counted = [T::ONE; BATCH];
        for (counted, target) in counted.iter_mut().zip(self.rows) {
            if target.class(step).is_some_and(|class| self.counts.is_ignored(class)) {
                *counted = T::ZERO;
            }
        }
        counted
    }
}

/// Rows with the probabilities of the classes, each times the class's weight; they have one step.
pub(super) struct ByProbability<'a, T, W, const OUT: usize> {
    pub(super) rows: &'a [&'a [T; OUT]],
    pub(super) weights: W,
}

impl<T: Scalar, W: ClassWeights, const BATCH: usize, const OUT: usize> Targets<T, BATCH>
    for ByProbability<'_, T, W, OUT>
{
    #[inline(always)]
    fn rows(&self) -> usize {
        self.rows.len()
    }

    #[inline(always)]
    fn sums(&self, _step: usize, output: &[[T; BATCH]], max: &[T; BATCH]) -> [[T; BATCH]; 2] {
        let [mut sum, mut product] = [[T::ZERO; BATCH]; 2];
        for (class, output) in output.iter().enumerate() {
            let weight = self.weights.of::<T>(class);
            let target = lane_of_targets::<T, BATCH, OUT>(self.rows, class);
            let sums = sum.iter_mut().zip(&mut product);
            for ((((sum, product), &output), &target), &max) in sums.zip(output).zip(&target).zip(max) {
                *sum += target * weight;
                *product += times(target * weight, output - max);
            }
        }
        [sum, product]
    }

    #[inline(always)]
    fn subtract(&self, _step: usize, grad: &mut [[T; BATCH]], scale: T) {
        for (class, grad) in grad.iter_mut().enumerate() {
            let scale = self.weights.of::<T>(class) * scale;
            let target = lane_of_targets::<T, BATCH, OUT>(self.rows, class);
            for (grad, &target) in grad.iter_mut().zip(&target) {
                *grad -= target * scale;
            }
        }
    }
}

/// `1 - smoothing` of other targets, and the rest spread evenly over the classes, each times its weight.
pub(super) struct Smoothed<R, W, T> {
    pub(super) targets: R,
    pub(super) weights: W,
    pub(super) smoothing: T,
}

impl<R: Targets<T, BATCH>, W: ClassWeights, T: Scalar, const BATCH: usize> Targets<T, BATCH> for Smoothed<R, W, T> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.targets.rows()
    }

    #[inline(always)]
    fn sums(&self, step: usize, output: &[[T; BATCH]], max: &[T; BATCH]) -> [[T; BATCH]; 2] {
        let [mut sum, mut product] = self.targets.sums(step, output, max);
        // an infinite logit of another class must not become 0 · ∞
        if self.smoothing == T::ZERO {
            return [sum, product];
        }
        let (kept, spread) = (T::ONE - self.smoothing, self.smoothing / T::from_f64(output.len() as f64));
        let (mut all, mut all_products) = (T::ZERO, [T::ZERO; BATCH]);
        for (class, output) in output.iter().enumerate() {
            let weight = self.weights.of::<T>(class) * spread;
            all += weight;
            for ((product, &output), &max) in all_products.iter_mut().zip(output).zip(max) {
                *product += times(weight, output - max);
            }
        }
        let counted = self.targets.counted(step);
        for (((sum, product), &all_products), counted) in
            sum.iter_mut().zip(&mut product).zip(&all_products).zip(counted)
        {
            *sum = kept * *sum + all * counted;
            *product = times(kept, *product) + times(counted, all_products);
        }
        [sum, product]
    }

    #[inline(always)]
    fn subtract(&self, step: usize, grad: &mut [[T; BATCH]], scale: T) {
        self.targets.subtract(step, grad, scale * (T::ONE - self.smoothing));
        let (spread, counted) = (scale * self.smoothing / T::from_f64(grad.len() as f64), self.targets.counted(step));
        for (class, grad) in grad.iter_mut().enumerate() {
            let amount = self.weights.of::<T>(class) * spread;
            for (grad, counted) in grad.iter_mut().zip(counted) {
                *grad -= amount * counted;
            }
        }
    }
}
