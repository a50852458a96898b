//! Cross-entropy of logits. PyTorch: `torch.nn.CrossEntropyLoss(weight=None, label_smoothing=0.0)`.
//!
//! For each step, over the classes' logits, and with the mean over the steps:
//!
//! ```text
//! softmax     = e^(output - max output) / Σ e^(output - max output)
//! loss        = -Σ target · ln softmax
//!             = Σ target · ln Σ e^(output - max output) - Σ target · (output - max output)
//! grad_output = softmax · Σ target - target
//! ```
//!
//! where `target` is 1 for the class and 0 for the others, or the classes' probabilities; with
//! [options](CrossEntropyWith), for each class,
//!
//! ```text
//! target = class_weights · ((1 - label_smoothing) · target + label_smoothing / classes)
//! ```

mod kernel;
mod targets;
mod with;

pub use with::CrossEntropyWith;

use nalgebra::SMatrix;

use self::kernel::{Gradient, Value};
use self::targets::{ByClass, ByProbability};
use super::classes::{Classes, EVENLY, check_classes, hits};
use super::error::{TargetError, check_distribution};
use super::needs::{Distribution, Logits, OneOf, classes_per_step};
use super::{Hits, Loss};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Cross-entropy of logits: the network ends without `softmax`. PyTorch's `CrossEntropyLoss`.
///
/// A target is the sample's class; for an output of `[STEPS, classes]` one class a step, `[class; STEPS]`; or
/// `[T; OUT]`, the probabilities of the classes, whose sum is 1 within 0.001: PyTorch takes any numbers, and learns from their
/// sum too.
///
/// ```
/// use nn_runtime::loss::CrossEntropy;
///
/// let plain = CrossEntropy;
/// let smoothed = CrossEntropy.label_smoothing(0.1);
/// let weighted = CrossEntropy.class_weights(&[1.0, 0.5, 4.0]);
/// let padded = CrossEntropy.ignore_index(255);
/// let both = CrossEntropy.class_weights(&[1.0, 0.5, 4.0]).label_smoothing(0.1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrossEntropy;

impl CrossEntropy {
    /// With targets of which a share is spread evenly over all classes: 0 for none, 1 for all.
    #[must_use]
    pub const fn label_smoothing(self, label_smoothing: f64) -> CrossEntropyWith {
        CrossEntropyWith { label_smoothing, class_weights: (), ignore_index: None }
    }

    /// With a weight for each class, for data in which some classes are rare.
    #[must_use]
    pub const fn class_weights<const CLASSES: usize>(
        self,
        class_weights: &[f64; CLASSES],
    ) -> CrossEntropyWith<&[f64; CLASSES]> {
        CrossEntropyWith { label_smoothing: 0.0, class_weights, ignore_index: None }
    }

    /// Ignores the steps whose target is this class, such as padding: they count neither in the loss, nor in its mean, nor in the
    /// accuracy. The network needs no output for the class. If every step is ignored, the loss is 0, where PyTorch's is NaN.
    /// With probabilities as targets nothing is ignored.
    #[must_use]
    pub const fn ignore_index(self, class: usize) -> CrossEntropyWith {
        CrossEntropyWith { label_smoothing: 0.0, class_weights: (), ignore_index: Some(class) }
    }
}

impl<C: Classes, T: Scalar, const OUT: usize> Loss<C, [T; OUT], T, (Logits, OneOf<C, ()>)> for CrossEntropy {
    fn check(&self, target: &C) -> Result<(), TargetError> {
        check_classes(target, classes_per_step::<C, (), OUT>(), EVENLY)
    }

    #[inline(always)]
    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        let (classes, targets) = (classes_per_step::<C, (), OUT>(), ByClass { rows: targets, counts: EVENLY });
        isa.call_in_place(Value { output: &output.data.0, classes, targets })
    }

    #[inline(always)]
    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        let (classes, targets) = (classes_per_step::<C, (), OUT>(), ByClass { rows: targets, counts: EVENLY });
        isa.call_in_place(Gradient { output_then_grad: &mut output_then_grad.data.0, classes, targets, scale })
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        Some(hits(&output.data.0, classes_per_step::<C, (), OUT>(), targets, EVENLY))
    }
}

macro_rules! impl_for_probabilities {
    ($($type:ident)*) => {$(
        impl<const OUT: usize> Loss<[$type; OUT], [$type; OUT], $type, (Logits, Distribution<()>)> for CrossEntropy {
            fn check(&self, target: &[$type; OUT]) -> Result<(), TargetError> {
                check_distribution(target)
            }

            #[inline(always)]
            fn loss<I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                output: &SMatrix<$type, BATCH, OUT>,
                targets: &[&[$type; OUT]],
            ) -> $type {
                let targets = ByProbability { rows: targets, weights: () };
                isa.call_in_place(Value { output: &output.data.0, classes: OUT.max(1), targets })
            }

            #[inline(always)]
            fn loss_and_gradient<I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                output_then_grad: &mut SMatrix<$type, BATCH, OUT>,
                targets: &[&[$type; OUT]],
                scale: $type,
            ) -> $type {
                let (classes, targets) = (OUT.max(1), ByProbability { rows: targets, weights: () });
                isa.call_in_place(Gradient { output_then_grad: &mut output_then_grad.data.0, classes, targets, scale })
            }
        }
    )*};
}

impl_for_probabilities!(f32 f64);
