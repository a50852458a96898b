//! A log as CSV, a line for each epoch.

use alloc::string::String;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::PathBuf;

use super::{LogError, Observer, Plan};
use crate::files::{create_folder_of, replace};
use crate::train::History;

/// Writes the history into a CSV file: the line of an epoch is in the file when the epoch is over.
///
/// A run that goes on writes the file anew from its history, so that it holds each epoch once, whatever an earlier run had written
/// after the checkpoint.
#[derive(Debug)]
pub(in crate::train) struct Csv {
    path: PathBuf,
    file: Option<File>,
    /// The number of columns of the file.
    columns: usize,
}

impl Csv {
    /// A log in this file; its folder is created when the run begins.
    pub(in crate::train) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), file: None, columns: 0 }
    }

    /// Writes the whole history, and opens the file for further lines.
    fn write_all(&mut self, history: &History) -> io::Result<()> {
        replace(&self.path, history.to_csv().as_bytes())?;
        self.file = Some(OpenOptions::new().append(true).open(&self.path)?);
        self.columns = history.columns().len();
        Ok(())
    }

    /// Writes the last epoch.
    fn write_last(&mut self, history: &History) -> io::Result<()> {
        match (&mut self.file, history.epochs().checked_sub(1)) {
            (Some(file), Some(row)) if history.columns().len() == self.columns => {
                let mut line = String::new();
                history.write_csv_row(row, &mut line);
                let written = file.write_all(line.as_bytes());
                if written.is_err() {
                    // part of the line may be in the file: the next epoch writes it anew
                    self.file = None;
                }
                written
            }
            // a column is new
            _ => self.write_all(history),
        }
    }
}

impl Observer for Csv {
    fn begin(&mut self, _plan: &Plan, history: &History) -> Result<(), LogError> {
        create_folder_of(&self.path).and_then(|()| self.write_all(history)).map_err(LogError::of(&self.path))
    }

    fn epoch(&mut self, history: &History, _line: &dyn core::fmt::Display) -> Result<(), LogError> {
        self.write_last(history).map_err(LogError::of(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::{history, plan};
    use super::*;
    use crate::files::tests::folder;

    #[test]
    fn every_epoch_is_in_the_file_when_it_is_over() {
        let folder = folder("csv");
        let path = folder.join("runs/digits/history.csv");
        let mut csv = Csv::new(&path);
        csv.begin(&plan(), &history(0)).expect("a file");
        assert_eq!(fs::read_to_string(&path).expect("there"), "epoch\n");
        for epochs in 1..=4 {
            csv.epoch(&history(epochs), &"").expect("written");
            assert_eq!(fs::read_to_string(&path).expect("there"), history(epochs).to_csv());
        }
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_run_that_goes_on_drops_the_epochs_after_its_checkpoint() {
        let folder = folder("csv-again");
        let path = folder.join("history.csv");
        fs::write(&path, history(4).to_csv() + "5,0.").expect("written");
        let mut csv = Csv::new(&path);
        csv.begin(&plan(), &history(2)).expect("a file");
        csv.epoch(&history(3), &"").expect("written");
        assert_eq!(fs::read_to_string(&path).expect("there"), history(3).to_csv());
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_cannot_be_opened_is_named_when_the_run_begins() {
        let folder = folder("csv-error");
        fs::write(folder.join("file"), "").expect("written");
        let path = folder.join("file/history.csv");
        let error = Csv::new(&path).begin(&plan(), &history(0)).expect_err("no folder");
        assert_eq!(error.path, path);
        fs::remove_dir_all(folder).expect("removed");
    }

    /// `/dev/full` is a disk without room.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_an_error() {
        let error = Csv::new("/dev/full").begin(&plan(), &history(0)).expect_err("no room");
        assert_eq!(error.error.kind(), io::ErrorKind::StorageFull);
    }
}
