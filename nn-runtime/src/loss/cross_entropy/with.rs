//! Class weights and label smoothing.

use nalgebra::SMatrix;

use super::kernel::{Gradient, Value};
use super::targets::{ByClass, ByProbability, Smoothed, Targets};
use crate::OptionError;
use crate::kernels::Isa;
use crate::loss::classes::{ClassWeights, Classes, Counts, check_classes, hits, mean_weight};
use crate::loss::error::{TargetError, check_distribution};
use crate::loss::needs::{Distribution, Logits, OneOf, check_weights, classes_per_step};
use crate::loss::{Hits, Loss};
use crate::scalar::Scalar;

/// [`CrossEntropy`](super::CrossEntropy) with any of label smoothing, class weights and an ignored class, as its methods make
/// it.
///
/// With targets that are classes, the loss of a mini-batch is divided by the sum of its targets' weights; with targets
/// that are probabilities, by the number of samples. PyTorch's `CrossEntropyLoss` does the same.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CrossEntropyWith<W: ClassWeights = ()> {
    /// The share of a target that is spread evenly over all classes: from 0, for none, to 1.
    pub label_smoothing: f64,
    /// The weight of each class, or `()`: 0, or from 1e-30 to 1e30, and not 0 for all.
    pub class_weights: W,
    /// The class of the steps that do not count.
    pub ignore_index: Option<usize>,
}

impl<W: ClassWeights> CrossEntropyWith<W> {
    /// With another label smoothing.
    #[must_use]
    pub const fn label_smoothing(self, label_smoothing: f64) -> Self {
        Self { label_smoothing, ..self }
    }

    /// With other class weights.
    #[must_use]
    pub const fn class_weights<const CLASSES: usize>(
        self,
        class_weights: &[f64; CLASSES],
    ) -> CrossEntropyWith<&[f64; CLASSES]> {
        let Self { label_smoothing, ignore_index, .. } = self;
        CrossEntropyWith { label_smoothing, class_weights, ignore_index }
    }

    /// Ignores the steps whose target is this class, such as padding: they count neither in the loss, nor in its mean, nor in the
    /// accuracy. The network needs no output for the class. If every step is ignored, the loss is 0, where PyTorch's is NaN.
    /// With probabilities as targets nothing is ignored.
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> Self {
        Self { ignore_index: Some(class), ..self }
    }

    const fn counts(&self) -> Counts<W> {
        Counts { weights: self.class_weights, ignored: self.ignore_index }
    }

    fn check_both(&self) -> Result<(), OptionError> {
        let (value, owner) = (self.label_smoothing, "CrossEntropy");
        OptionError::check(owner, "label_smoothing", value, (0.0..=1.0).contains(&value), "at least 0 and at most 1")?;
        self.class_weights.check(owner)
    }

    fn smoothed<R: Targets<T, BATCH>, T: Scalar, const BATCH: usize>(&self, targets: R) -> Smoothed<R, W, T> {
        Smoothed { targets, weights: self.class_weights, smoothing: T::from_f64(self.label_smoothing) }
    }
}

impl<W: ClassWeights, C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, (Logits, OneOf<C, W>)>
    for CrossEntropyWith<W>
{
    fn check_options(&self) -> Result<(), OptionError> {
        self.check_both()
    }

    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, W, OUT>(), self.counts())
    }

    fn weight(&self, target: &C) -> T {
        mean_weight(target, self.counts())
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        let targets = self.smoothed::<_, T, BATCH>(ByClass { rows: targets, counts: self.counts() });
        isa.call(Value { output: &output.data.0, classes: classes_per_step::<C, W, OUT>(), targets })
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        let classes = classes_per_step::<C, W, OUT>();
        let targets = self.smoothed::<_, T, BATCH>(ByClass { rows: targets, counts: self.counts() });
        isa.call(Gradient { output_then_grad: &mut output_then_grad.data.0, classes, targets, scale })
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        Some(hits(&output.data.0, classes_per_step::<C, W, OUT>(), targets, self.counts()))
    }
}

macro_rules! impl_for_probabilities {
    ($($type:ident)*) => {$(
        impl<W: ClassWeights, const OUT: usize> Loss<[$type; OUT], [$type; OUT], $type, (Logits, Distribution<W>)> for CrossEntropyWith<W> {
            fn check_options(&self) -> Result<(), OptionError> {
                self.check_both()
            }

            fn check(&self, target: &[$type; OUT]) -> Result<(), TargetError> {
                const { check_weights::<W>(OUT) };
                check_distribution(target)
            }

            fn loss<I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                output: &SMatrix<$type, BATCH, OUT>,
                targets: &[&[$type; OUT]],
            ) -> $type {
                let targets = ByProbability { rows: targets, weights: self.class_weights };
                let targets = self.smoothed::<_, $type, BATCH>(targets);
                isa.call(Value { output: &output.data.0, classes: OUT.max(1), targets })
            }

            fn loss_and_gradient<I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                output_then_grad: &mut SMatrix<$type, BATCH, OUT>,
                targets: &[&[$type; OUT]],
                scale: $type,
            ) -> $type {
                let targets = ByProbability { rows: targets, weights: self.class_weights };
                let (classes, targets) = (OUT.max(1), self.smoothed::<_, $type, BATCH>(targets));
                isa.call(Gradient { output_then_grad: &mut output_then_grad.data.0, classes, targets, scale })
            }
        }
    )*};
}

impl_for_probabilities!(f32 f64);
