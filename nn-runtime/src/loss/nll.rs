//! Negative log-likelihood of log-probabilities. PyTorch: `torch.nn.NLLLoss(weight=None)`.
//!
//! For each step, and with the mean over the steps:
//!
//! ```text
//! loss        = -output[class] · weight[class]
//! grad_output = -weight[class] for the class, 0 for the others
//! ```

use nalgebra::SMatrix;

use super::classes::{ClassWeights, Classes, check_classes, hits, mean_weight};
use super::error::TargetError;
use super::needs::{LogProbabilities, OneOf, classes_per_step};
use super::{Hits, Loss, times};
use crate::OptionError;
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Negative log-likelihood: the network ends with `log_softmax`. PyTorch's `NLLLoss`.
///
/// A target is the sample's class or, for an output of `[STEPS, classes]`, one class a step, `[class; STEPS]`.
/// [`CrossEntropy`](super::CrossEntropy) without the `log_softmax` is the same, and faster.
///
/// ```
/// use nn_runtime::loss::Nll;
///
/// let plain = Nll;
/// let weighted = Nll.class_weights(&[1.0, 0.5, 4.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nll;

/// [`Nll`] with class weights, as its method makes it.
///
/// The loss of a mini-batch is divided by the sum of its targets' weights, as PyTorch's `NLLLoss` does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct NllWith<W: ClassWeights> {
    /// The weight of each class: 0, or from 1e-30 to 1e30, and not 0 for all.
    pub class_weights: W,
}

impl Nll {
    /// With a weight for each class, for data in which some classes are rare.
    #[must_use]
    pub const fn class_weights<const CLASSES: usize>(self, class_weights: &[f64; CLASSES]) -> NllWith<&[f64; CLASSES]> {
        NllWith { class_weights }
    }
}

impl<W: ClassWeights, C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, (LogProbabilities, OneOf<C, W>)>
    for NllWith<W>
{
    fn check_options(&self) -> Result<(), OptionError> {
        self.class_weights.check("Nll")
    }

    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, W, OUT>())
    }

    fn weight(&self, target: &C) -> T {
        mean_weight(target, self.class_weights)
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        let (classes, weights) = (classes_per_step::<C, W, OUT>(), self.class_weights);
        isa.call(Value { output: &output.data.0, classes, targets, weights })
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        let loss = self.loss(isa, output_then_grad, targets);
        let (classes, weights) = (classes_per_step::<C, W, OUT>(), self.class_weights);
        isa.call(Gradient { grad: &mut output_then_grad.data.0, classes, targets, weights, scale });
        loss
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        Some(hits(&output.data.0, classes_per_step::<C, W, OUT>(), targets))
    }
}

impl<C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, (LogProbabilities, OneOf<C, ()>)> for Nll {
    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, (), OUT>())
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        NllWith { class_weights: () }.loss(isa, output, targets)
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        NllWith { class_weights: () }.loss_and_gradient(isa, output_then_grad, targets, scale)
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        NllWith { class_weights: () }.hits(output, targets)
    }
}

/// The sum of the samples' losses.
struct Value<'a, C, W, T, const BATCH: usize> {
    output: &'a [[T; BATCH]],
    classes: usize,
    targets: &'a [&'a C],
    weights: W,
}

impl<C: Classes, W: ClassWeights, T: Scalar, const BATCH: usize> Kernel for Value<'_, C, W, T, BATCH> {
    type Output = T;

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) -> T {
        let (mut sum, mut steps) = (T::ZERO, T::ZERO);
        for (step, output) in self.output.chunks_exact(self.classes).enumerate() {
            for (row, target) in self.targets.iter().enumerate() {
                let Some(class) = target.class(step) else { continue };
                let output = output.get(class).and_then(|lane| lane.get(row));
                sum -= output.map_or(T::ZERO, |&output| times(self.weights.of(class), output));
            }
            steps += T::ONE;
        }
        sum / steps
    }
}

/// The gradient, which does not depend on the output.
struct Gradient<'a, C, W, T, const BATCH: usize> {
    grad: &'a mut [[T; BATCH]],
    classes: usize,
    targets: &'a [&'a C],
    weights: W,
    scale: T,
}

impl<C: Classes, W: ClassWeights, T: Scalar, const BATCH: usize> Kernel for Gradient<'_, C, W, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let scale = self.scale / T::from_f64(C::STEPS as f64);
        for (step, lanes) in self.grad.chunks_exact_mut(self.classes).enumerate() {
            lanes.fill([T::ZERO; BATCH]);
            for (row, target) in self.targets.iter().enumerate() {
                let Some(class) = target.class(step) else { continue };
                if let Some(grad) = lanes.get_mut(class).and_then(|lane| lane.get_mut(row)) {
                    *grad = -(self.weights.of::<T>(class) * scale);
                }
            }
        }
    }
}
