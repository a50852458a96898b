//! What can be wrong with a target.

use core::fmt;

use crate::scalar::Scalar;

/// A target that its loss cannot take.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum TargetError {
    /// A class for which the network has no output.
    Class {
        /// The step of a sequence, 0 where there is one class for the sample.
        step: usize,
        /// The class.
        class: usize,
        /// The number of classes.
        classes: usize,
    },
    /// A value that is NaN or infinite.
    NotFinite {
        /// Its position in the target.
        position: usize,
        /// The value.
        value: f64,
    },
    /// A value that is not between 0 and 1.
    NotProbability {
        /// Its position in the target.
        position: usize,
        /// The value.
        value: f64,
    },
    /// Probabilities of the classes whose sum is not 1.
    NotDistribution {
        /// Their sum.
        sum: f64,
    },
    /// A value that is neither 1 nor -1.
    NotSign {
        /// Its position in the target.
        position: usize,
        /// The value.
        value: f64,
    },
    /// A weight of a step that is neither 0 nor from 1e-30 to 1e30.
    StepWeight {
        /// The step.
        step: usize,
        /// The weight.
        weight: f64,
    },
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Class { step: 0, class, classes } => {
                write!(
                    f,
                    "the class is {class}, but the network has outputs for the classes 0 to {}",
                    classes.saturating_sub(1)
                )
            }
            Self::Class { step, class, classes } => write!(
                f,
                "the class of step {step} is {class}, but the network has outputs for the classes 0 to {}",
                classes.saturating_sub(1)
            ),
            Self::NotFinite { position, value } => {
                write!(f, "the value at position {position} is {value}, but must be finite")
            }
            Self::NotProbability { position, value } => {
                write!(f, "the value at position {position} is {value}, but must be a probability, from 0 to 1")
            }
            Self::NotDistribution { sum } => {
                write!(
                    f,
                    "the sum of the probabilities is {sum}, but must be 1, or at most {SUM_ERROR} off; for a distribution \
                     for each step, end the network with `log_softmax` and train it with `KlDiv`"
                )
            }
            Self::StepWeight { step, weight } => {
                write!(f, "the weight of step {step} is {weight}, but must be 0, or from 1e-30 to 1e30")
            }
            Self::NotSign { position, value } => {
                write!(f, "the value at position {position} is {value}, but must be 1 or -1")
            }
        }
    }
}

impl core::error::Error for TargetError {}

/// That a target is a number, neither NaN nor infinite.
pub(super) fn check_finite<T: Scalar>(position: usize, target: T) -> Result<(), TargetError> {
    // in its own type: a step on a large batch of a small network spends a few percent of its time here
    let is_finite = target.abs() < T::from_f64(f64::INFINITY);
    if is_finite { Ok(()) } else { Err(TargetError::NotFinite { position, value: target.to_f64() }) }
}

/// The largest accepted distance of the sum from 1: above the rounding error of thousands of `f32` probabilities, below a
/// forgotten or doubled one.
const SUM_ERROR: f64 = 1e-3;

/// That a target is the probabilities of all classes.
pub(super) fn check_distribution<T: Scalar>(target: &[T]) -> Result<(), TargetError> {
    (0..).zip(target).try_for_each(|(position, &value)| check_probability(position, value))?;
    check_sum(target.iter().map(|value| value.to_f64()).sum())
}

/// That probabilities have this sum.
pub(super) fn check_sum(sum: f64) -> Result<(), TargetError> {
    if (sum - 1.0).abs() <= SUM_ERROR { Ok(()) } else { Err(TargetError::NotDistribution { sum }) }
}

/// That a target is between 0 and 1.
pub(super) fn check_probability<T: Scalar>(position: usize, target: T) -> Result<(), TargetError> {
    let value = target.to_f64();
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(TargetError::NotProbability { position, value }) }
}
