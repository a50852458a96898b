//! Checkpoints: a run that was killed is resumed where it was.

mod contents;
mod error;
mod store;

use std::path::{Path, PathBuf};
use std::string::String;
use std::time::Duration;

pub(super) use contents::Fixed;
pub use error::CheckpointError;
pub(super) use store::Store;

/// A folder in which a run saves itself. [`Fit::checkpoint`](super::Fit::checkpoint) takes it, or its path alone.
///
/// A run that finds its checkpoint in the folder goes on from it, within an epoch too. However often the run is killed, at any instant, it ends
/// with the bits of a run that was never stopped. Of the optimizer's settings only the learning rates are saved; what callbacks change in the
/// others, or keep elsewhere, is not.
///
/// The network, its frozen parameters, the number of samples, `batch_size`, `gradient_accumulation_steps`, `drop_last`, `seed`, `monitor`, the
/// kind of `average` and the tensors of the optimizer state (`Adam`, `AdamW` and `NAdam` have the same ones) must be those of the
/// checkpoint; otherwise the run is an error before anything is trained. The number of epochs, the learning
/// rate and the schedule may change, and are then the program's.
///
/// | file | |
/// |---|---|
/// | `run.safetensors` | all that the run needs to go on: network, optimizer state, learning rates, averages, position, history |
/// | `last.safetensors` | the network's weights after the last step, or the [average](super::Average) of them |
/// | `best.safetensors` | the network's weights after the best epoch, by [`Fit::monitor`](super::Fit::monitor) |
///
/// The two files of weights are a `state_dict`: a network loads them, `Net::load("runs/digits/best.safetensors")`, and so does PyTorch. Files
/// are replaced as a whole. If a checkpoint cannot be saved, because the disk is full, say, there is a warning; the run goes on and tries again.
///
/// ```
/// use std::time::Duration;
/// use nn_runtime::train::Checkpoint;
///
/// let checkpoint = Checkpoint::new("runs/digits").every(Duration::from_secs(60));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checkpoint {
    /// The folder, which is created if it does not exist.
    pub folder: PathBuf,
    /// The time between two saves; 10 seconds unless set. The run is also saved at its beginning and at its end.
    pub every: Duration,
    /// Whether a checkpoint in the folder is ignored and overwritten.
    pub restarts: bool,
}

impl Checkpoint {
    /// Checkpoints in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), every: Duration::from_secs(10), restarts: false }
    }

    /// Sets the time between two saves; with a time of 0 the run is saved after every update.
    #[must_use]
    pub fn every(self, every: Duration) -> Self {
        Self { every, ..self }
    }

    /// Begins anew, and overwrites the checkpoint in the folder.
    #[must_use]
    pub fn restart(self) -> Self {
        Self { restarts: true, ..self }
    }
}

macro_rules! implement_from {
    ($($path:ty),*) => {$(
        impl From<$path> for Checkpoint {
            fn from(folder: $path) -> Self {
                Self::new(folder)
            }
        }
    )*};
}

implement_from!(&str, String, &Path, PathBuf);
