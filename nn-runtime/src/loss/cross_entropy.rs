//! Cross-entropy of logits. PyTorch: `torch.nn.CrossEntropyLoss()`.
//!
//! For each step, over the classes' logits, and with the mean over the steps:
//!
//! ```text
//! softmax     = e^(output - max output) / Σ e^(output - max output)
//! loss        = -Σ target · ln softmax
//!             = Σ target · (ln Σ e^(output - max output) + max output) - Σ target · output
//! grad_output = softmax · Σ target - target
//! ```
//!
//! where `target` is 1 for the class and 0 for the others, or the classes' probabilities.

mod classes;
mod kernel;

pub use classes::{ClassIndex, Classes};

use nalgebra::SMatrix;

use self::classes::classes_per_step;
use self::kernel::{ByClass, ByProbability, Gradient, Value};
use super::bce::check_probability;
use super::error::TargetError;
use super::{Hits, Loss};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Cross-entropy of logits: the network ends without `softmax`. PyTorch's `CrossEntropyLoss`.
///
/// A target is the sample's class; for an output of `[STEPS, classes]` one class a step, `[class; STEPS]`; or
/// `[T; OUT]`, the probabilities of the classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CrossEntropy;

impl<C: Classes, T: Scalar, const OUT: usize> Loss<C, T, OUT> for CrossEntropy {
    fn check(&self, target: &C) -> Result<(), TargetError> {
        let classes = classes_per_step::<C, OUT>();
        let mut steps = (0..C::STEPS).filter_map(|step| Some((step, target.class(step)?)));
        match steps.find(|&(_, class)| class >= classes) {
            Some((step, class)) => Err(TargetError::Class { step, class, classes }),
            None => Ok(()),
        }
    }

    fn loss<I: Isa, const BATCH: usize>(&self, isa: I, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> T {
        isa.call(Value { output: &output.data.0, classes: classes_per_step::<C, OUT>(), targets: ByClass(targets) })
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut SMatrix<T, BATCH, OUT>,
        targets: &[&C],
        scale: T,
    ) -> T {
        let output_then_grad = &mut output_then_grad.data.0;
        isa.call(Gradient { output_then_grad, classes: classes_per_step::<C, OUT>(), targets: ByClass(targets), scale })
    }

    fn hits<const BATCH: usize>(&self, output: &SMatrix<T, BATCH, OUT>, targets: &[&C]) -> Option<Hits> {
        let mut right = 0;
        for (step, output) in output.data.0.chunks_exact(classes_per_step::<C, OUT>()).enumerate() {
            let predictions = arg_max(output);
            right +=
                predictions.iter().zip(targets).filter(|(class, target)| target.class(step) == Some(**class)).count();
        }
        Some(Hits { right, all: C::STEPS * targets.len() })
    }
}

macro_rules! impl_for_probabilities {
    ($($type:ident)*) => {$(
        impl<const OUT: usize> Loss<[$type; OUT], $type, OUT> for CrossEntropy {
            fn check(&self, target: &[$type; OUT]) -> Result<(), TargetError> {
                (0..).zip(target).try_for_each(|(position, &value)| check_probability(position, value))
            }

            fn loss<I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                output: &SMatrix<$type, BATCH, OUT>,
                targets: &[&[$type; OUT]],
            ) -> $type {
                isa.call(Value { output: &output.data.0, classes: OUT.max(1), targets: ByProbability(targets) })
            }

            fn loss_and_gradient<I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                output_then_grad: &mut SMatrix<$type, BATCH, OUT>,
                targets: &[&[$type; OUT]],
                scale: $type,
            ) -> $type {
                let output_then_grad = &mut output_then_grad.data.0;
                isa.call(Gradient { output_then_grad, classes: OUT.max(1), targets: ByProbability(targets), scale })
            }
        }
    )*};
}

impl_for_probabilities!(f32 f64);

/// The feature with the largest value, of each row of a tile; the first of equals.
pub(crate) fn arg_max<T: Scalar, const BATCH: usize>(lanes: &[[T; BATCH]]) -> [usize; BATCH] {
    let (mut best, mut position) = ([T::ZERO; BATCH], [0; BATCH]);
    for (feature, lane) in lanes.iter().enumerate() {
        for ((best, position), &value) in best.iter_mut().zip(&mut position).zip(lane) {
            if feature == 0 || value > *best {
                (*best, *position) = (value, feature);
            }
        }
    }
    position
}
