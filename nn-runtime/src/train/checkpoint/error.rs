//! Why a run cannot go on from a checkpoint, or be saved.

use std::path::PathBuf;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{fmt, io};

use crate::weights::{Difference, write_differences};

/// Why a run cannot go on from a checkpoint, or be saved. The network is as before.
#[non_exhaustive]
pub enum CheckpointError {
    /// A file that cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// A file that cannot be written.
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Another run is training in the folder.
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that is no checkpoint, or a damaged one.
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The checkpoint of another network.
    OtherNetwork {
        /// The file.
        path: PathBuf,
        /// The stages that differ.
        differences: Vec<Difference>,
    },
    /// The checkpoint of a run that differs in something that has to be the same.
    OtherRun {
        /// The file.
        path: PathBuf,
        /// What differs.
        what: &'static str,
        /// What the checkpoint has.
        checkpoint: String,
        /// What the run has.
        run: String,
    },
    /// The checkpoint of a run that is complete, with another learning rate: nothing would be trained with the new one.
    Complete {
        /// The file.
        path: PathBuf,
        /// The number of its epochs.
        epochs: usize,
        /// The learning rates with which it was begun.
        checkpoint: Vec<f64>,
        /// The learning rates of the run.
        run: Vec<f64>,
    },
}

/// What to do about a checkpoint that cannot be taken up.
const WAY_OUT: &str = "choose another folder, or begin anew: `Checkpoint::new(..).restart()`";

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, error } => write!(f, "cannot read the checkpoint `{}`: {error}", path.display()),
            Self::Write { path, error } => write!(f, "cannot write the checkpoint `{}`: {error}", path.display()),
            Self::InUse { folder } => write!(
                f,
                "another run is training with checkpoints in `{}`\n\
                 help: wait for its end, or choose another folder",
                folder.display()
            ),
            Self::Format { path, reason } => {
                write!(f, "`{}` is not a complete checkpoint: {reason}\nhelp: {WAY_OUT}", path.display())
            }
            Self::OtherNetwork { path, differences } => {
                write!(f, "the checkpoint `{}` is of another network", path.display())?;
                write_differences(f, differences)?;
                write!(f, "\nhelp: declare the network with the file's stages, {WAY_OUT}")
            }
            Self::OtherRun { path, what, checkpoint, run } => write!(
                f,
                "the checkpoint `{}` is of another run: {what} is {checkpoint} there, but {run} here\n\
                 help: {WAY_OUT}",
                path.display()
            ),
            Self::Complete { path, epochs, checkpoint, run } => write!(
                f,
                "the run of the checkpoint `{}` is complete: it has {epochs} epochs, begun with the learning rate {}, but this run \
                 has {}\n\
                 help: set more `epochs`, {WAY_OUT}",
                path.display(),
                Rates(checkpoint),
                Rates(run)
            ),
        }
    }
}

/// Learning rates with commas between them.
struct Rates<'a>(&'a [f64]);

impl fmt::Display for Rates<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rates: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&rates.join(", "))
    }
}

/// The message, as `main` prints the `Debug` form of an error that it returns.
impl fmt::Debug for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl core::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } | Self::Write { error, .. } => Some(error),
            _ => None,
        }
    }
}
