//! The report of a run.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{Figure, History};

/// The result of a run of [`Fit`](super::Fit), apart from the network. `Display` writes it in a sentence.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FitReport {
    /// The number of complete epochs, those before the run was resumed included.
    pub epochs: usize,
    /// The number of updates, those before the run was resumed included.
    pub steps: u64,
    /// Why the run ended.
    pub ended: Ended,
    /// The column of [`history`](Self::history) that decided which epoch was the best.
    pub monitor: String,
    /// The best epoch, from 1, and its value in that column; `None` if no epoch is complete.
    pub best: Option<(usize, f64)>,
    /// Whether the network is that of the best epoch; otherwise it is that after the last step.
    pub is_best_restored: bool,
    /// The number of updates in the checkpoint from which the run was resumed; `None` if it was not.
    pub resumed_at: Option<u64>,
    /// What was measured after each epoch.
    pub history: History,
    /// What went wrong without ending the run: a checkpoint or a log that could not be written.
    pub warnings: Vec<String>,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// All epochs are complete.
    Complete,
    /// The monitored value had not improved for as many epochs as early stopping allows.
    EarlyStopping,
    /// A callback said so.
    Callback,
    /// Ctrl-C was pressed.
    Interrupt,
}

impl fmt::Display for FitReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epochs, steps, ended, monitor, best, is_best_restored, warnings, .. } = self;
        let s = |count: u64| if count == 1 { "" } else { "s" };
        let how = match ended {
            Ended::Complete => "trained for",
            Ended::EarlyStopping => "stopped early after",
            Ended::Callback => "stopped by a callback after",
            Ended::Interrupt => "interrupted after",
        };
        write!(f, "{how} {epochs} epoch{}, {steps} step{}", s(*epochs as u64), s(*steps))?;
        if let Some((epoch, value)) = best {
            write!(f, "; best {monitor} {} in epoch {epoch}", Figure(*value))?;
            f.write_str(if *is_best_restored { ", whose network is restored" } else { "" })?;
        }
        warnings.iter().try_for_each(|warning| write!(f, "\nwarning: {warning}"))
    }
}
