//! A log for TensorBoard.
//!
//! Folders and tags are those of Keras's `TensorBoard` callback, so that the curves of training and validation lie over each other:
//!
//! ```text
//! train/       batch_loss, batch_learning_rate                          step: the number of updates
//! train/       epoch_loss, epoch_learning_rate, epoch_<metric>          step: the epoch, from 1
//! validation/  epoch_loss, epoch_<metric>                               step: the epoch, from 1
//! ```
//!
//! A file stays small however long the run is: of steps and of epochs the first 1,000 are written, then every second one up to 2,000, every
//! fourth up to 4,000, and so on; see [`stride`]. `batch_loss` is the mean over the steps since the last one that was written.

mod events;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use self::events::Events;
use super::{LogError, Observer, Plan, StepRecord};
use crate::train::{FitReport, History};

/// Writes event files into a folder. A run that goes on writes new files, whose steps continue. Each file says at which step it starts, so
/// that TensorBoard drops what it has of later steps: after a checkpoint, or all of an earlier run in the same folder.
#[derive(Debug)]
pub(in crate::train) struct TensorBoard {
    folder: PathBuf,
    /// The seconds since 1970.
    clock: fn() -> f64,
    train: Option<Events>,
    /// There once something was measured in validation.
    validation: Option<Events>,
    /// Whether this run has made a step.
    has_begun: bool,
    /// The sum of the losses of the steps since the last one that was written, and their number.
    losses: (f64, u32),
    /// The last epoch that was written.
    epoch: usize,
}

impl TensorBoard {
    /// A log in this folder, which is created when the run begins.
    pub(in crate::train) fn new(folder: impl Into<PathBuf>) -> Self {
        Self::with_clock(folder.into(), || {
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
        })
    }

    fn with_clock(folder: PathBuf, clock: fn() -> f64) -> Self {
        Self { folder, clock, train: None, validation: None, has_begun: false, losses: (0.0, 0), epoch: 0 }
    }

    /// Says at which step the run begins or goes on.
    #[cold]
    fn write_start(&mut self, step: u64) -> Result<(), LogError> {
        self.has_begun = true;
        match &mut self.train {
            Some(train) => train.write_start((self.clock)(), step),
            None => Ok(()),
        }
    }

    /// Writes the means over the steps since the last ones that were written.
    #[cold]
    fn write_step(&mut self, step: &StepRecord) -> Result<(), LogError> {
        let (sum, number) = core::mem::take(&mut self.losses);
        let scalars = [("batch_loss", sum / f64::from(number)), ("batch_learning_rate", step.lr)];
        match &mut self.train {
            Some(train) => train.write((self.clock)(), step.step, &scalars),
            None => Ok(()),
        }
    }

    /// Writes the last epoch.
    fn write_epoch(&mut self, history: &History) -> Result<(), LogError> {
        self.epoch = history.epochs();
        let (mut train, mut validation) = (Vec::new(), Vec::new());
        for column in history.columns() {
            match column.values.last() {
                Some(value) if !value.is_nan() => {
                    let (name, scalars) = match column.name.strip_prefix("val_") {
                        Some(name) => (name, &mut validation),
                        None if column.name == "lr" => ("learning_rate", &mut train),
                        None => (&*column.name, &mut train),
                    };
                    scalars.push((format!("epoch_{name}"), *value));
                }
                _ => {}
            }
        }
        self.write_scalars("train", &train)?;
        self.write_scalars("validation", &validation)
    }

    /// Writes scalars of the last epoch into the file of a sub-folder, unless there are none.
    fn write_scalars(&mut self, name: &str, scalars: &[(String, f64)]) -> Result<(), LogError> {
        if scalars.is_empty() {
            return Ok(());
        }
        let Self { folder, clock, train, validation, epoch, .. } = self;
        let events = if name == "train" { train } else { validation };
        let time = clock();
        if events.is_none() {
            events.insert(Events::create(&folder.join(name), time)?).write_start(time, *epoch as u64)?;
        }
        events.as_mut().map_or(Ok(()), |events| events.write(time, *epoch as u64, scalars))
    }

    /// Writes the last epoch, which may be one of those left out, and flushes the files.
    fn finish(&mut self, history: &History) -> Result<(), LogError> {
        if self.epoch < history.epochs() {
            self.write_epoch(history)?;
        }
        [&mut self.train, &mut self.validation].into_iter().flatten().try_for_each(Events::flush)
    }
}

impl Observer for TensorBoard {
    fn begin(&mut self, _plan: &Plan, history: &History) -> Result<(), LogError> {
        self.train = Some(Events::create(&self.folder.join("train"), (self.clock)())?);
        (self.validation, self.has_begun, self.losses, self.epoch) = (None, false, (0.0, 0), history.epochs());
        Ok(())
    }

    fn step(&mut self, step: &StepRecord) -> Result<(), LogError> {
        if !self.has_begun {
            self.write_start(step.step)?;
        }
        let (sum, number) = &mut self.losses;
        *sum += step.loss;
        *number += 1;
        if step.step.is_multiple_of(stride(step.step)) { self.write_step(step) } else { Ok(()) }
    }

    fn epoch(&mut self, history: &History, _line: &dyn fmt::Display) -> Result<(), LogError> {
        let epoch = history.epochs() as u64;
        if epoch.is_multiple_of(stride(epoch)) { self.write_epoch(history) } else { Ok(()) }
    }

    fn end(&mut self, report: &FitReport) -> Result<(), LogError> {
        self.finish(&report.history)
    }

    fn abandon(&mut self, history: &History) {
        let _ = self.finish(history);
    }
}

/// Of how many steps one is written: 1 up to step 1,000, then the power of two that is at least `step / 1000`. So a million steps are
/// written as 6,000.
const fn stride(step: u64) -> u64 {
    step.div_ceil(1000).next_power_of_two()
}

#[cfg(test)]
mod tests;
