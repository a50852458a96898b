//! Why a run ends before its end.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[cfg(all(feature = "std", feature = "safetensors"))]
use super::super::CheckpointError;
#[cfg(feature = "std")]
use super::super::LogError;
#[cfg(feature = "threads")]
use super::super::ThreadsError;
use super::super::TrainError;
#[cfg(feature = "ctrl_c")]
use super::super::ctrl_c::WatchError;
use crate::OptionError;
use crate::data::DataError;
use crate::optim::StepError;

/// Why a run of [`Fit`](super::Fit) did not begin, or ended before its end.
#[non_exhaustive]
pub enum FitError {
    /// Something is wrong with the data, the options or a step.
    Train(TrainError),
    /// The history has no column of the name that is to be monitored.
    Monitor {
        /// The name.
        name: String,
        /// The columns.
        columns: Vec<String>,
    },
    /// Metrics without validation data, on which they are measured.
    NoValidation,
    /// The threads cannot be started.
    #[cfg(feature = "threads")]
    Threads(ThreadsError),
    /// Ctrl-C cannot be watched.
    #[cfg(feature = "ctrl_c")]
    CtrlC(WatchError),
    /// A log cannot be written. Found before anything is trained.
    #[cfg(feature = "std")]
    Log(LogError),
    /// The run cannot go on from its checkpoint, or cannot be saved. Found before anything is trained.
    #[cfg(all(feature = "std", feature = "safetensors"))]
    Checkpoint(CheckpointError),
}

impl From<TrainError> for FitError {
    fn from(error: TrainError) -> Self {
        Self::Train(error)
    }
}

impl From<OptionError> for FitError {
    fn from(error: OptionError) -> Self {
        Self::Train(error.into())
    }
}

impl From<DataError> for FitError {
    fn from(error: DataError) -> Self {
        Self::Train(error.into())
    }
}

#[cfg(feature = "threads")]
impl From<ThreadsError> for FitError {
    fn from(error: ThreadsError) -> Self {
        Self::Threads(error)
    }
}

#[cfg(feature = "ctrl_c")]
impl From<WatchError> for FitError {
    fn from(error: WatchError) -> Self {
        Self::CtrlC(error)
    }
}

#[cfg(feature = "std")]
impl From<LogError> for FitError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

#[cfg(all(feature = "std", feature = "safetensors"))]
impl From<CheckpointError> for FitError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl FitError {
    /// What is wrong with a step of an epoch.
    pub(super) fn in_step(epoch: usize, step: u64, error: StepError) -> Self {
        Self::Train(TrainError::in_step(Some(epoch), step, error))
    }
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Train(error) => write!(f, "{error}"),
            Self::Monitor { name, columns } => {
                write!(f, "there is no `{name}` to be monitored; what is measured is")?;
                for (position, column) in columns.iter().enumerate() {
                    write!(f, "{} `{column}`", if position == 0 { "" } else { "," })?;
                }
                Ok(())
            }
            Self::NoValidation => write!(
                f,
                "metrics are measured on validation data, but there is none; add `.validation(&data)`, which may be the \
                 training data"
            ),
            #[cfg(feature = "threads")]
            Self::Threads(error) => write!(f, "{error}"),
            #[cfg(feature = "ctrl_c")]
            Self::CtrlC(error) => write!(f, "{error}"),
            #[cfg(feature = "std")]
            Self::Log(error) => write!(f, "{error}"),
            #[cfg(all(feature = "std", feature = "safetensors"))]
            Self::Checkpoint(error) => write!(f, "{error}"),
        }
    }
}

/// The message, as `main` prints the `Debug` form of an error that it returns.
impl fmt::Debug for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl core::error::Error for FitError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Train(error) => Some(error),
            Self::Monitor { .. } | Self::NoValidation => None,
            #[cfg(feature = "threads")]
            Self::Threads(error) => Some(error),
            #[cfg(feature = "ctrl_c")]
            Self::CtrlC(error) => Some(error),
            #[cfg(feature = "std")]
            Self::Log(error) => Some(error),
            #[cfg(all(feature = "std", feature = "safetensors"))]
            Self::Checkpoint(error) => Some(error),
        }
    }
}
