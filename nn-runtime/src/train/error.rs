//! What can be wrong with a mini-batch.

use core::fmt;

use crate::data::DataError;
use crate::loss::TargetError;
use crate::network::IndexError;

/// Why a network cannot be trained on, or evaluated with, the data that was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TrainError {
    /// There are no samples, or not as many targets as inputs.
    Data(DataError),
    /// An index input that is out of range.
    Index {
        /// The row of the sample in the data.
        row: usize,
        /// What is wrong with it.
        error: IndexError,
    },
    /// A target that the loss cannot take.
    Target {
        /// The row of the sample in the data.
        row: usize,
        /// What is wrong with it.
        error: TargetError,
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
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data(error) => write!(f, "{error}"),
            Self::Index { row, error } => write!(f, "sample {row}: {error}"),
            Self::Target { row, error } => write!(f, "the target of sample {row}: {error}"),
            Self::LargerThanTile { samples, tile } => write!(
                f,
                "the network takes statistics over the mini-batch, which must fit into one tile, but it has {samples} \
                 samples and the tile {tile} rows; train with tiles of {samples} rows, or with mini-batches of {tile}"
            ),
            Self::SingleSample => write!(
                f,
                "the network takes statistics over the mini-batch, of one value of each sample, which needs 2 samples or \
                 more, but has 1; choose a batch size that leaves no single sample over"
            ),
            Self::NoBatchSize => write!(f, "the batch size is 0; it must be 1 or more"),
        }
    }
}

impl core::error::Error for TrainError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Data(error) => Some(error),
            Self::Index { error, .. } => Some(error),
            Self::Target { error, .. } => Some(error),
            Self::LargerThanTile { .. } | Self::SingleSample | Self::NoBatchSize => None,
        }
    }
}

impl From<DataError> for TrainError {
    fn from(error: DataError) -> Self {
        Self::Data(error)
    }
}
