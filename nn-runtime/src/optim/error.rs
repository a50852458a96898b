//! What can be wrong with a training step.

use core::fmt;

use crate::OptionError;

/// Why a training step was refused, or what its update ruined.
///
/// [`Option`](Self::Option), [`Loss`](Self::Loss) and [`Gradient`](Self::Gradient) are found before the update: parameters,
/// running statistics, and what the optimizer remembers are as they were. [`Parameter`](Self::Parameter) and
/// [`State`](Self::State) are found after it: all of these are as the update left them, so training can only go on from a
/// copy of the network, with a state of zeros.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StepError {
    /// An option of the optimizer that is out of its range.
    Option(OptionError),
    /// A mean loss that is NaN or infinite.
    Loss {
        /// The mean loss.
        value: f64,
    },
    /// A gradient that is NaN or infinite; or too large, for an optimizer that [squares](super::Optimizer::SQUARES) it.
    Gradient {
        /// The position in the network's flat slice.
        position: usize,
        /// The stage that the position belongs to; `None` if the table of layers does not say.
        stage: Option<&'static str>,
        /// The gradient.
        value: f64,
    },
    /// A parameter or running statistic that is NaN or infinite after the update.
    Parameter {
        /// The position in the network's flat slice.
        position: usize,
        /// The stage that the position belongs to; `None` if the table of layers does not say.
        stage: Option<&'static str>,
        /// The parameter after the update.
        value: f64,
    },
    /// A value that the optimizer remembers, and that is NaN or infinite after the update.
    State {
        /// The position, in the network's flat slice, of the parameter that it belongs to.
        position: usize,
        /// The stage that the position belongs to; `None` if the table of layers does not say.
        stage: Option<&'static str>,
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

/// A parameter in words.
struct Place(usize, Option<&'static str>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(position, stage) = self;
        match stage {
            Some(stage) => write!(f, "parameter {position}, in stage `{stage}`,"),
            None => write!(f, "parameter {position}"),
        }
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Option(error) => write!(f, "{error}"),
            Self::Loss { value } => write!(
                f,
                "the loss is {value}, so the network was not changed; use a lower learning rate, clip the gradient, or \
                 bring inputs and targets nearer to 0"
            ),
            Self::Gradient { position, stage, value } if value.is_finite() => write!(
                f,
                "the gradient of {} is {value:.1e}, and its square, which the optimizer needs, is infinite, so the network \
                 was not changed; clip the gradient, or use a lower learning rate",
                Place(position, stage)
            ),
            Self::Gradient { position, stage, value } => write!(
                f,
                "the gradient of {} is {value}, so the network was not changed; use a lower learning rate, clip the \
                 gradient, or bring inputs and targets nearer to 0",
                Place(position, stage)
            ),
            Self::Parameter { position, stage, value } => write!(
                f,
                "{} is {value} after the update; begin again from finite parameters, with a lower learning rate",
                Place(position, stage)
            ),
            Self::State { position, stage, value } => write!(
                f,
                "what the optimizer remembers of {} is {value} after the update; begin again with a state of zeros, and \
                 with a lower learning rate or a clipped gradient",
                Place(position, stage)
            ),
        }
    }
}

impl core::error::Error for StepError {}
