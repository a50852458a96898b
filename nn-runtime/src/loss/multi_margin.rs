//! The hinge of several classes. PyTorch: `torch.nn.MultiMarginLoss(p=1, margin=1.0)`.
//!
//! For each step, over its classes, and with the mean over the steps:
//!
//! ```text
//! excess      = max(margin - output[class] + output, 0)           0 for the class itself
//! loss        = Σ excess^p / classes
//! grad_output = p · excess^(p - 1) / classes where excess > 0     for the other classes
//!             = -Σ p · excess^(p - 1) / classes                   for the class
//! ```

use nalgebra::SMatrix;

use super::classes::{Classes, EVENLY, check_classes, hits};
use super::error::TargetError;
use super::needs::{OneOf, classes_per_step};
use super::{Hits, Loss, clear_padding, positive_part, sum_of_rows};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Wants the output of the class above that of every other by a margin. PyTorch's `MultiMarginLoss`, without its `weight`.
///
/// A target is the sample's class or, for an output of `[STEPS, classes]`, one class a step, `[class; STEPS]`.
/// `MultiMargin::default()` has a `p` of 1 and a `margin` of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MultiMargin {
    /// The power of what is missing to the margin: 1 or 2, as in PyTorch.
    pub p: u32,
    /// By how much the output of the class should exceed the others.
    pub margin: f64,
}

impl Default for MultiMargin {
    fn default() -> Self {
        Self { p: 1, margin: 1.0 }
    }
}

impl<C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, OneOf<C, ()>> for MultiMargin {
    fn check_options(&self) -> Result<(), OptionError> {
        OptionError::check("MultiMargin", "p", f64::from(self.p), [1, 2].contains(&self.p), "1 or 2")?;
        OptionError::check_finite::<T>("MultiMargin", "margin", self.margin)
    }

    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, (), OUT>(), EVENLY)
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        let (loss, classes) = (*self, classes_per_step::<C, (), OUT>());
        isa.call(Value { loss, output: &output.data.0, classes, targets })
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        let (loss, classes) = (*self, classes_per_step::<C, (), OUT>());
        isa.call(Gradient { loss, output_then_grad: &mut output_then_grad.data.0, classes, targets, scale })
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        Some(hits(&output.data.0, classes_per_step::<C, (), OUT>(), targets, EVENLY))
    }
}

/// Each row's class at one step, as a number of the lane's own type; and `margin - output[class]`.
#[inline(always)]
fn thresholds<C: Classes, T: Scalar, const BATCH: usize>(
    loss: MultiMargin,
    targets: &[&C],
    step: usize,
    output: &[[T; BATCH]],
) -> [[T; BATCH]; 2] {
    let [mut own, mut threshold] = [[T::ZERO; BATCH]; 2];
    for (row, ((own, threshold), target)) in own.iter_mut().zip(&mut threshold).zip(targets).enumerate() {
        let Some(class) = target.class(step) else { continue };
        *own = T::from_f64(class as f64);
        let output = output.get(class).and_then(|lane| lane.get(row)).copied();
        *threshold = T::from_f64(loss.margin) - output.unwrap_or(T::ZERO);
    }
    [own, threshold]
}

/// `excess^p` and `excess^(p - 1)` of one class, in place of its output.
#[inline(always)]
fn powers<T: Scalar, const BATCH: usize>(
    p: u32,
    class: usize,
    output: &[T; BATCH],
    [own, threshold]: &[[T; BATCH]; 2],
) -> [[T; BATCH]; 2] {
    let class = T::from_f64(class as f64);
    let [mut excess, mut slope] = [[T::ZERO; BATCH]; 2];
    let terms = output.iter().zip(own).zip(threshold);
    for ((excess, slope), ((&output, &own), &threshold)) in excess.iter_mut().zip(&mut slope).zip(terms) {
        let part = positive_part(threshold + output);
        [*excess, *slope] = if own == class { [T::ZERO; 2] } else { part };
    }
    for _ in 1..p {
        for (slope, &excess) in slope.iter_mut().zip(&excess) {
            *slope *= excess;
        }
    }
    for (excess, &slope) in excess.iter_mut().zip(&slope) {
        *excess *= slope;
    }
    [excess, slope]
}

/// The sum of the samples' losses.
struct Value<'a, C, T, const BATCH: usize> {
    loss: MultiMargin,
    output: &'a [[T; BATCH]],
    classes: usize,
    targets: &'a [&'a C],
}

impl<C: Classes, T: Scalar, const BATCH: usize> Kernel for Value<'_, C, T, BATCH> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) -> T {
        let mut losses = [T::ZERO; BATCH];
        for (step, output) in self.output.chunks_exact(self.classes).enumerate() {
            let thresholds = thresholds(self.loss, self.targets, step, output);
            for (class, output) in output.iter().enumerate() {
                let [value, _] = powers(self.loss.p, class, output, &thresholds);
                for (loss, &value) in losses.iter_mut().zip(&value) {
                    *loss += value;
                }
            }
        }
        sum_of_rows(&losses, self.targets.len()) / T::from_f64(self.output.len() as f64)
    }
}

/// The sum of the samples' losses, and the gradient.
struct Gradient<'a, C, T, const BATCH: usize> {
    loss: MultiMargin,
    output_then_grad: &'a mut [[T; BATCH]],
    classes: usize,
    targets: &'a [&'a C],
    scale: T,
}

impl<C: Classes, T: Scalar, const BATCH: usize> Kernel for Gradient<'_, C, T, BATCH> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) -> T {
        let Self { loss: MultiMargin { p, .. }, targets, .. } = self;
        let outputs = T::from_f64(self.output_then_grad.len() as f64);
        let scale = self.scale * T::from_f64(f64::from(p)) / outputs;
        let mut losses = [T::ZERO; BATCH];
        for (step, lanes) in self.output_then_grad.chunks_exact_mut(self.classes).enumerate() {
            let thresholds = thresholds(self.loss, targets, step, lanes);
            let mut total = [T::ZERO; BATCH];
            for (class, lane) in lanes.iter_mut().enumerate() {
                let [value, slope] = powers(p, class, lane, &thresholds);
                let sums = losses.iter_mut().zip(&mut total);
                for (((grad, (loss, total)), &value), &slope) in lane.iter_mut().zip(sums).zip(&value).zip(&slope) {
                    *loss += value;
                    *grad = slope * scale;
                    *total += *grad;
                }
                clear_padding(lane, targets.len());
            }
            for (row, (target, &total)) in targets.iter().zip(&total).enumerate() {
                let lane = target.class(step).and_then(|class| lanes.get_mut(class));
                if let Some(grad) = lane.and_then(|lane| lane.get_mut(row)) {
                    *grad = -total;
                }
            }
        }
        sum_of_rows(&losses, targets.len()) / outputs
    }
}
