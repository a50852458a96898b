//! What can be wrong with a training step.

use core::fmt;

use crate::OptionError;
use crate::network::{Place, StageName};

/// Why a training step was refused, or what its update ruined.
///
/// [`Option`](Self::Option), [`Activation`](Self::Activation), [`Loss`](Self::Loss), [`Before`](Self::Before) and
/// [`Gradient`](Self::Gradient) are found before the update: parameters, running statistics and the optimizer state are as they were. [`Parameter`](Self::Parameter) and
/// [`State`](Self::State) are found after it: all of these are as the update left them, so training can only go on from a
/// copy of the network, with a state of zeros.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StepError {
    /// An option of the optimizer that is out of its range.
    Option(OptionError),
    /// The loss or a gradient is NaN or infinite, and so is the output of a stage.
    Activation {
        /// The first such stage, in the order in which they are computed.
        stage: StageName,
        /// The row of the mini-batch.
        row: usize,
        /// The first value that is not finite there.
        value: f64,
    },
    /// A mean loss that is NaN or infinite, of a network in which the output of every stage is finite.
    Loss {
        /// The mean loss.
        value: f64,
    },
    /// A parameter or running statistic that was NaN or infinite before the step.
    Before {
        /// Which one.
        place: Place,
        /// Its value.
        value: f64,
    },
    /// A gradient that is NaN or infinite, or such a change of a running statistic; or a gradient that is too large, for an
    /// optimizer that [squares](super::Optimizer::SQUARES) it. The loss is finite, and so are the outputs of all stages where they are
    /// known.
    ///
    /// It is where such a value appeared first: of running statistics, which the forward pass changes, in the first stage; of
    /// gradients, which the backward pass computes from the last stage to the first, in the last stage.
    Gradient {
        /// Whose gradient or change.
        place: Place,
        /// The gradient.
        value: f64,
    },
    /// A parameter or running statistic that is NaN or infinite after the update.
    Parameter {
        /// Which one.
        place: Place,
        /// Its value after the update.
        value: f64,
    },
    /// A value of the optimizer state that is NaN or infinite after the update.
    State {
        /// The parameter that it belongs to.
        place: Place,
        /// The value after the update.
        value: f64,
    },
}

impl StepError {
    /// Whether the update has been made.
    pub(crate) const fn is_after_update(&self) -> bool {
        matches!(self, Self::Parameter { .. } | Self::State { .. })
    }
}

impl From<OptionError> for StepError {
    fn from(error: OptionError) -> Self {
        Self::Option(error)
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Option(error) => write!(f, "{error}"),
            Self::Activation { stage, row, value } => write!(
                f,
                "the output of {stage} is {value} for row {row} of the mini-batch, and the outputs of \
                 all stages before it are finite, so the network was not changed; use a lower learning rate, clip the gradient, \
                 or bring inputs nearer to 0"
            ),
            Self::Loss { value } => write!(
                f,
                "the loss is {value}{}, so the network was not changed; use a lower learning rate, clip the gradient, or bring \
                 inputs and targets nearer to 0",
                if cfg!(feature = "std") { ", though the outputs of all stages are finite" } else { "" }
            ),
            Self::Before { place, value } => write!(
                f,
                "{place} was {value} before the step, so the network was not changed; begin again from finite parameters"
            ),
            Self::Gradient { place, value } if value.is_finite() => write!(
                f,
                "the gradient of {place} is {value:.1e}, and its square, which the optimizer needs, is infinite, so the \
                 network was not changed; clip the gradient, or use a lower learning rate"
            ),
            Self::Gradient { place, value } if place.is_state() => write!(
                f,
                "the change of {place} is {value}, so the network was not changed; use a lower learning rate, or bring \
                 inputs nearer to 0"
            ),
            Self::Gradient { place, value } => write!(
                f,
                "the gradient of {place} is {value}, and the gradients of all stages behind it are finite, so the network was \
                 not changed; use a lower learning rate, clip the gradient, or bring inputs and targets nearer to 0"
            ),
            Self::Parameter { place, value } => write!(
                f,
                "{place} is {value} after the update; begin again from finite parameters, with a lower learning rate"
            ),
            Self::State { place, value } => write!(
                f,
                "what the optimizer remembers of {place} is {value} after the update; begin again with a state of zeros, \
                 and with a lower learning rate or a clipped gradient"
            ),
        }
    }
}

impl core::error::Error for StepError {}
