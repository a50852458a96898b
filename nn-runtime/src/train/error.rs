//! What can be wrong with the data, the options, or a step.

use core::fmt;

use crate::OptionError;
use crate::data::DataError;
use crate::loss::TargetError;
use crate::network::{Column, IndexError};
use crate::optim::StepError;

/// Why a network cannot be trained or evaluated with the data and the options that were given.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum TrainError {
    /// There are no samples, or not as many targets as inputs.
    Data(DataError),
    /// An index of a single sample that is out of range.
    Index(IndexError),
    /// An option of the optimizer, the loss or the training loop that is out of its range.
    Option(OptionError),
    /// A sample with which the network cannot be trained or evaluated.
    Sample {
        /// The row of the sample in the data.
        row: usize,
        /// What is wrong with it.
        error: SampleError,
    },
    /// A sample of the validation data with which the network cannot be evaluated.
    Validation {
        /// The epoch after which it was found; `None` if that was before training.
        epoch: Option<usize>,
        /// The row of the sample in the validation data.
        row: usize,
        /// What is wrong with it.
        error: SampleError,
    },
    /// A training step whose loss, gradient or result is not finite.
    Step {
        /// The epoch, from 1; `None` outside of [`Fit`](super::Fit).
        epoch: Option<usize>,
        /// The number of the step since the beginning of training, from 1.
        step: u64,
        /// What is wrong with it, and what it left unchanged.
        error: StepError,
    },
    /// A mini-batch that is larger than a tile, for a network with a layer that takes statistics over the mini-batch.
    LargerThanTile {
        /// The size of the mini-batch.
        samples: usize,
        /// The number of rows of a tile, `BATCH`.
        tile: usize,
    },
    /// A mini-batch of one sample, for a network with a layer that takes statistics over the mini-batch, of one value of each
    /// sample.
    SingleSample,
    /// Mini-batches of no samples.
    NoBatchSize,
    /// A row of a mini-batch that the data set does not have.
    NoSuchRow {
        /// The row.
        row: usize,
        /// The number of samples of the data set.
        samples: usize,
    },
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(error) => write!(f, "{error}"),
            Self::Index(error) => write!(f, "{error}"),
            Self::Option(error) => write!(f, "{error}"),
            Self::Sample { row, error } => write!(f, "sample {row}: {error}"),
            Self::Validation { epoch: None, row, error } => write!(f, "validation, sample {row}: {error}"),
            Self::Validation { epoch: Some(epoch), row, error } => {
                write!(f, "validation after epoch {epoch}, sample {row}: {error}")
            }
            Self::Step { epoch: None, step, error } => write!(f, "step {step}: {error}"),
            Self::Step { epoch: Some(epoch), step, error } => write!(f, "epoch {epoch}, step {step}: {error}"),
            Self::LargerThanTile { samples, tile } => write!(
                f,
                "the network takes statistics over the mini-batch, which must fit into one tile, but it has {samples} \
                 samples and the tile {tile} rows; train with tiles of {samples} rows, or with mini-batches of {tile}"
            ),
            Self::SingleSample => write!(
                f,
                "batch normalisation of one value a sample needs 2 samples or more in a mini-batch, but this one has 1; \
                 choose a batch size that leaves no single sample over"
            ),
            Self::NoBatchSize => write!(f, "the batch size is 0; it must be 1 or more"),
            Self::NoSuchRow { row, samples } => {
                write!(f, "row {row} is not in the data set, whose rows are 0 to {}", samples.saturating_sub(1))
            }
        }
    }
}

impl core::error::Error for TrainError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Data(error) => Some(error),
            Self::Index(error) => Some(error),
            Self::Option(error) => Some(error),
            Self::Sample { error, .. } | Self::Validation { error, .. } => Some(error),
            Self::Step { error, .. } => Some(error),
            Self::LargerThanTile { .. } | Self::SingleSample | Self::NoBatchSize | Self::NoSuchRow { .. } => None,
        }
    }
}

impl From<OptionError> for TrainError {
    fn from(error: OptionError) -> Self {
        Self::Option(error)
    }
}

impl From<DataError> for TrainError {
    fn from(error: DataError) -> Self {
        Self::Data(error)
    }
}

impl From<IndexError> for TrainError {
    fn from(error: IndexError) -> Self {
        Self::Index(error)
    }
}

/// What is wrong with a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SampleError {
    /// An index input that is out of range.
    Index(IndexError),
    /// A target that the loss cannot take.
    Target(TargetError),
    /// A target that the loss of one of several outputs cannot take.
    TargetOf {
        /// The name of the output.
        output: &'static str,
        /// What is wrong with its target.
        error: TargetError,
    },
    /// A value of the input that is NaN or infinite.
    Input {
        /// Where the value stands in the sample.
        column: Column,
        /// The value.
        value: f64,
    },
    /// A [weight](crate::loss::Loss::weight) that is negative, NaN or infinite.
    Weight {
        /// The weight.
        value: f64,
    },
    /// In evaluation, an output of the network that is NaN.
    Output {
        /// Where the value stands in the output.
        column: Column,
    },
    /// In evaluation, a loss that is NaN or infinite.
    Loss {
        /// The sum of the losses up to this sample, in its tile.
        value: f64,
    },
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(error) => write!(f, "{error}"),
            Self::Target(error) => write!(f, "the target: {error}"),
            Self::TargetOf { output, error } => write!(f, "the target of `{output}`: {error}"),
            Self::Input { column, value } => write!(
                f,
                "the input at {column} is {value}, but must be finite; fill in a number, or leave the sample out"
            ),
            Self::Weight { value } => {
                write!(f, "the loss weighs it {value}, but a weight must be finite and at least 0")
            }
            Self::Output { column } => {
                write!(f, "the network's output at {column} is NaN; its parameters are not finite, or too large")
            }
            Self::Loss { value } => {
                write!(f, "the loss is {value}; the network's parameters are not finite, or too large")
            }
        }
    }
}

impl core::error::Error for SampleError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Index(error) => Some(error),
            Self::Target(error) | Self::TargetOf { error, .. } => Some(error),
            Self::Input { .. } | Self::Weight { .. } | Self::Output { .. } | Self::Loss { .. } => None,
        }
    }
}

/// A sample that was refused, before it is known which data it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    pub(super) row: usize,
    pub(super) error: SampleError,
}

impl From<Refused> for TrainError {
    fn from(Refused { row, error }: Refused) -> Self {
        Self::Sample { row, error }
    }
}

impl TrainError {
    /// A sample of the validation data that was refused.
    #[cfg(feature = "alloc")]
    pub(super) fn in_validation(epoch: Option<usize>, Refused { row, error }: Refused) -> Self {
        Self::Validation { epoch, row, error }
    }

    /// What is wrong with a step; an option is wrong with all of them.
    pub(super) fn in_step(epoch: Option<usize>, step: u64, error: StepError) -> Self {
        match error {
            StepError::Option(error) => Self::Option(error),
            error => Self::Step { epoch, step, error },
        }
    }
}
