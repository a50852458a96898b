//! What watches a run from outside: progress and logs, Ctrl-C. Without `std` there is nothing of it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

#[cfg(feature = "std")]
use super::super::observe::{LogError, Observers};
use super::super::record::{Plan, StepRecord};
use super::super::{FitReport, History};
use super::FitError;

/// What watches a run.
#[derive(Default)]
pub(super) struct Watch<'a> {
    #[cfg(feature = "std")]
    pub observers: Observers<'a>,
    #[cfg(feature = "ctrl_c")]
    pub stops_on_ctrl_c: bool,
    /// Sees Ctrl-C as long as a run lasts.
    #[cfg(feature = "ctrl_c")]
    pressed: Option<super::super::ctrl_c::Watch>,
    #[cfg(all(feature = "std", feature = "safetensors"))]
    pub checkpoint: Option<super::super::Checkpoint>,
    /// Whether the observers have been told that the run begins.
    has_begun: bool,
    /// What went wrong outside, which does not end the run.
    warnings: Vec<String>,
    lifetime: PhantomData<&'a ()>,
}

#[cfg_attr(not(feature = "std"), expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "nobody watches"))]
impl Watch<'_> {
    /// The run begins, or goes on after the epochs of `history`.
    pub fn begin(&mut self, plan: &Plan, history: &History) -> Result<(), FitError> {
        self.warnings.clear();
        self.has_begun = true;
        #[cfg(feature = "ctrl_c")]
        if self.stops_on_ctrl_c {
            self.pressed = Some(super::super::ctrl_c::watch()?);
        }
        #[cfg(feature = "std")]
        self.observers.iter_mut().try_for_each(|observer| observer.begin(plan, history))?;
        let _ = (plan, history);
        Ok(())
    }

    /// Whether Ctrl-C was pressed.
    #[inline(always)]
    pub fn is_interrupted(&self) -> bool {
        #[cfg(feature = "ctrl_c")]
        return self.pressed.as_ref().is_some_and(super::super::ctrl_c::Watch::is_pressed);
        #[cfg(not(feature = "ctrl_c"))]
        return false;
    }

    /// Whether anybody watches the steps.
    #[inline(always)]
    pub fn is_watching(&self) -> bool {
        #[cfg(feature = "std")]
        return !self.observers.is_empty();
        #[cfg(not(feature = "std"))]
        return false;
    }

    /// A step has been made.
    pub fn step(&mut self, record: &StepRecord) {
        #[cfg(feature = "std")]
        self.tell(|observer| observer.step(record));
        let _ = record;
    }

    /// An epoch is over.
    pub fn epoch(&mut self, history: &History, line: &dyn fmt::Display) {
        #[cfg(feature = "std")]
        self.tell(|observer| observer.epoch(history, line));
        let _ = (history, line);
    }

    /// The run is over.
    pub fn end(&mut self, report: &FitReport) {
        #[cfg(feature = "std")]
        self.tell(|observer| observer.end(report));
        #[cfg(feature = "ctrl_c")]
        drop(self.pressed.take());
        let _ = report;
    }

    /// The run has failed after these epochs.
    pub fn abandon(&mut self, history: &History) {
        // a run that was refused must not overwrite the logs of another
        #[cfg(feature = "std")]
        if core::mem::take(&mut self.has_begun) {
            self.observers.iter_mut().for_each(|observer| observer.abandon(history));
        }
        let _ = history;
        #[cfg(feature = "ctrl_c")]
        drop(self.pressed.take());
    }

    /// Something that the user should know.
    pub fn note(&mut self, text: &str) {
        #[cfg(feature = "std")]
        {
            let mut is_shown = false;
            for observer in &mut self.observers {
                is_shown |= observer.note(text);
            }
            if !is_shown {
                std::eprintln!("{text}");
            }
        }
        let _ = text;
    }

    /// Prints a note about the program, once in a process.
    #[cfg(feature = "std")]
    pub fn note_once(&mut self, text: Option<String>) {
        static IS_SAID: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
        if let Some(text) = text
            && !IS_SAID.swap(true, std::sync::atomic::Ordering::Relaxed)
        {
            self.note(&text);
        }
    }

    /// Records a failure that does not end the run, and prints each one once.
    #[cfg(feature = "std")]
    pub fn warn(&mut self, text: String) {
        if !self.warnings.contains(&text) {
            self.note(&alloc::format!("warning: {text}"));
            self.warnings.push(text);
        }
    }

    /// What went wrong.
    pub fn take_warnings(&mut self) -> Vec<String> {
        core::mem::take(&mut self.warnings)
    }

    /// Tells all, and warns of logs that cannot be written.
    #[cfg(feature = "std")]
    fn tell(&mut self, mut tell: impl FnMut(&mut (dyn super::super::observe::Observer + '_)) -> Result<(), LogError>) {
        let mut wrong = Vec::new();
        for observer in &mut self.observers {
            if let Err(error) = tell(&mut **observer) {
                wrong.push(alloc::format!("{error}"));
            }
        }
        for text in wrong {
            self.warn(text);
        }
    }
}
