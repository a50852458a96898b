//! Those who watch a run: the progress bar, the logs.

mod csv;
#[cfg(feature = "ctrl_c")]
pub mod ctrl_c;
mod json;
#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "tensorboard")]
mod tensorboard;
mod unoptimised;

use alloc::boxed::Box;
use core::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub(super) use csv::Csv;
pub(super) use json::Json;
#[cfg(feature = "progress")]
pub(super) use progress::Progress;
#[cfg(feature = "tensorboard")]
pub(super) use tensorboard::TensorBoard;
pub(super) use unoptimised::unoptimised_note;

pub(super) use super::record::{Plan, StepRecord};
use super::{FitReport, History};

/// Observes a run: it receives numbers and cannot change anything.
pub(super) trait Observer {
    /// The run begins, or goes on after the epochs of `history`.
    fn begin(&mut self, _plan: &Plan, _history: &History) -> Result<(), LogError> {
        Ok(())
    }

    /// A step has been made.
    fn step(&mut self, _step: &StepRecord) -> Result<(), LogError> {
        Ok(())
    }

    /// An epoch is over; its row is the last of `history`. `line` is its summary in words.
    fn epoch(&mut self, _history: &History, _line: &dyn fmt::Display) -> Result<(), LogError> {
        Ok(())
    }

    /// Something that the user should know: that the run goes on from a checkpoint, that a checkpoint could not be saved. Returns whether the
    /// user sees it.
    fn note(&mut self, _text: &str) -> bool {
        false
    }

    /// The run has failed after these epochs. The error is told elsewhere, and what cannot be written now is lost.
    fn abandon(&mut self, _history: &History) {}

    /// The run is over.
    fn end(&mut self, _report: &FitReport) -> Result<(), LogError> {
        Ok(())
    }
}

/// Why a log was not written.
#[non_exhaustive]
pub struct LogError {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub error: io::Error,
}

impl LogError {
    /// That of a file; for `map_err`.
    fn of(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self { path: path.into(), error }
    }
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write the log `{}`: {}", self.path.display(), self.error)
    }
}

/// The message, as `main` prints the `Debug` form of an error that it returns.
impl fmt::Debug for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl core::error::Error for LogError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// All who watch a run.
pub(super) type Observers<'a> = alloc::vec::Vec<Box<dyn Observer + 'a>>;

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::super::{Ended, FitReport, History};
    use super::Plan;

    pub(super) fn plan() -> Plan {
        Plan { samples: 1000, steps_per_epoch: 100, epochs: 20, monitor: "val_loss".to_string() }
    }

    /// The history after so many epochs; a column comes with the third.
    pub(super) fn history(epochs: usize) -> History {
        let mut history = History::default();
        for epoch in 1..=epochs {
            let value = |name: &str, value: f64| (name.to_string(), None, value);
            let loss = 1.0 / epoch as f64;
            let late = (epoch > 2).then(|| value("val_accuracy", 1.0 - loss));
            history
                .push([value("loss", loss), value("val_loss", loss / 3.0), value("lr", 1e-3)].into_iter().chain(late));
        }
        history
    }

    pub(super) fn report(epochs: usize) -> FitReport {
        FitReport {
            epochs,
            steps: 100 * epochs as u64,
            ended: Ended::Complete,
            monitor: "val_loss".to_string(),
            best: Some((epochs, 0.25)),
            is_best_restored: true,
            resumed_at: None,
            history: history(epochs),
            warnings: alloc::vec::Vec::new(),
        }
    }
}
