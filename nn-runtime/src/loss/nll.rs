//! Negative log-likelihood of log-probabilities. PyTorch: `torch.nn.NLLLoss(weight=None)`.
//!
//! For each step, and with the mean over the steps:
//!
//! ```text
//! loss        = -output[class] · weight[class]
//! grad_output = -weight[class] for the class, 0 for the others
//! ```

use nalgebra::SMatrix;

use super::classes::{ClassWeights, Classes, Counts, EVENLY, check_classes, hits, mean_weight};
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
/// let padded = Nll.ignore_index(255);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nll;

/// [`Nll`] with class weights, an ignored class or both, as its methods make it.
///
/// The loss of a mini-batch is divided by the sum of its targets' weights, as PyTorch's `NLLLoss` does.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct NllWith<W: ClassWeights = ()> {
    /// The weight of each class, or `()`: 0, or from 1e-30 to 1e30, and not 0 for all.
    pub class_weights: W,
    /// The class of the steps that do not count.
    pub ignore_index: Option<usize>,
}

impl Nll {
    /// With a weight for each class, for data in which some classes are rare.
    #[must_use]
    pub const fn class_weights<const CLASSES: usize>(self, class_weights: &[f64; CLASSES]) -> NllWith<&[f64; CLASSES]> {
        NllWith { class_weights, ignore_index: None }
    }

    /// Ignores the steps whose target is this class, such as padding: they count neither in the loss, nor in its mean, nor in the
    /// accuracy. The network needs no output for the class. If every step is ignored, the loss is 0, where PyTorch's is NaN.
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> NllWith {
        NllWith { class_weights: (), ignore_index: Some(class) }
    }
}

impl<W: ClassWeights> NllWith<W> {
    /// With other class weights.
    #[must_use]
    pub const fn class_weights<const CLASSES: usize>(self, class_weights: &[f64; CLASSES]) -> NllWith<&[f64; CLASSES]> {
        NllWith { class_weights, ignore_index: self.ignore_index }
    }

    /// Ignores the steps whose target is this class; see [`Nll::ignore_index`].
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> Self {
        Self { ignore_index: Some(class), ..self }
    }

    const fn counts(&self) -> Counts<W> {
        Counts { weights: self.class_weights, ignored: self.ignore_index }
    }
}

/// Every class counts 1.
const PLAIN: NllWith = NllWith { class_weights: (), ignore_index: None };

impl<W: ClassWeights, C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, (LogProbabilities, OneOf<C, W>)>
    for NllWith<W>
{
    fn check_options(&self) -> Result<(), OptionError> {
        self.class_weights.check("Nll")
    }

    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, W, OUT>(), self.counts())
    }

    fn weight(&self, target: &C) -> T {
        mean_weight(target, self.counts())
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        let (classes, counts) = (classes_per_step::<C, W, OUT>(), self.counts());
        isa.call(Value { output: &output.data.0, classes, targets, counts })
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        let loss = self.loss(isa, output_then_grad, targets);
        let (classes, counts) = (classes_per_step::<C, W, OUT>(), self.counts());
        isa.call(Gradient { grad: &mut output_then_grad.data.0, classes, targets, counts, scale });
        loss
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        Some(hits(&output.data.0, classes_per_step::<C, W, OUT>(), targets, self.counts()))
    }
}

impl<C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, (LogProbabilities, OneOf<C, ()>)> for Nll {
    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, (), OUT>(), EVENLY)
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        PLAIN.loss(isa, output, targets)
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        PLAIN.loss_and_gradient(isa, output_then_grad, targets, scale)
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        PLAIN.hits(output, targets)
    }
}

/// The sum of the samples' losses.
struct Value<'a, C, W, T, const BATCH: usize> {
    output: &'a [[T; BATCH]],
    classes: usize,
    targets: &'a [&'a C],
    counts: Counts<W>,
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
                sum -= output.map_or(T::ZERO, |&output| times(self.counts.of(class), output));
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
    counts: Counts<W>,
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
                    *grad = -(self.counts.of::<T>(class) * scale);
                }
            }
        }
    }
}
