//! A log as JSON, the whole history at once.

use core::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::{LogError, Observer, Plan};
use crate::files::{create_folder_of, replace};
use crate::train::{FitReport, History};

/// The time between two writings, at least.
const PAUSE: Duration = Duration::from_secs(1);

/// How many times as long as a writing the pause after it is, at least: logging takes a twentieth of the time at most, also where the
/// history is long or the disk slow.
const PAUSES: u32 = 20;

/// Writes the history into a JSON file, which is whole at every moment: after an epoch, unless it was written a second before, and at the
/// end.
#[derive(Debug)]
pub(in crate::train) struct Json {
    path: PathBuf,
    /// When the file may be written again.
    next: Option<Instant>,
}

impl Json {
    /// A log in this file; its folder is created when the run begins.
    pub(in crate::train) fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), next: None }
    }

    fn write(&mut self, history: &History) -> Result<(), LogError> {
        let begin = Instant::now();
        replace(&self.path, history.to_json().as_bytes()).map_err(LogError::of(&self.path))?;
        let end = Instant::now();
        self.next = Some(end + PAUSE.max((end - begin) * PAUSES));
        Ok(())
    }
}

impl Observer for Json {
    fn begin(&mut self, _plan: &Plan, history: &History) -> Result<(), LogError> {
        create_folder_of(&self.path).map_err(LogError::of(&self.path))?;
        self.write(history)?;
        // the first epoch is written whenever it is over
        self.next = None;
        Ok(())
    }

    fn epoch(&mut self, history: &History, _line: &dyn fmt::Display) -> Result<(), LogError> {
        match self.next {
            Some(next) if Instant::now() < next => Ok(()),
            _ => self.write(history),
        }
    }

    fn abandon(&mut self, history: &History) {
        let _ = self.write(history);
    }

    fn end(&mut self, report: &FitReport) -> Result<(), LogError> {
        self.write(&report.history)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::string::String;

    use super::super::tests::{history, plan, report};
    use super::*;
    use crate::files::tests::folder;

    #[test]
    fn the_file_is_written_at_once_then_once_a_second_and_at_the_end() {
        let folder = folder("json");
        let path = folder.join("runs/history.json");
        let read = || -> String { fs::read_to_string(&path).expect("there") };
        let mut json = Json::new(&path);
        json.begin(&plan(), &history(0)).expect("a file");
        assert_eq!(read(), history(0).to_json());
        json.epoch(&history(1), &"").expect("written");
        assert_eq!(read(), history(1).to_json());
        json.epoch(&history(2), &"").expect("left out");
        assert_eq!(read(), history(1).to_json());
        json.next = Some(Instant::now());
        json.epoch(&history(3), &"").expect("written");
        assert_eq!(read(), history(3).to_json());
        json.epoch(&history(4), &"").expect("left out");
        json.end(&report(4)).expect("written");
        assert_eq!(read(), history(4).to_json());
        fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn what_cannot_be_written_is_named() {
        let folder = folder("json-error");
        let error = Json::new(&folder).begin(&plan(), &history(0)).expect_err("a folder");
        assert_eq!(error.path, folder);
        fs::remove_dir_all(folder).expect("removed");
    }
}
