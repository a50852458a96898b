//! The progress of a run, on standard error.
//!
//! In a terminal there is a bar for the current epoch, drawn in place, and a line for each epoch above it. Of very short epochs most lines
//! are left out: a screenful at once, then ten a second, so that a run of thousands of epochs can be read. Where standard error is piped, or the
//! terminal cannot move its cursor (`TERM=dumb`), there are plain lines: each epoch, since whoever reads a file can skip lines but not bring
//! them back, and one every ten seconds within an epoch.

mod number;
mod output;
mod status;

use core::fmt::{self, Write as _};
use std::time::{Duration, Instant};

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};

use self::number::{Rate, Short, Span};
use self::output::Output;
use self::status::Status;
use super::{LogError, Observer, Plan, StepRecord};
use crate::train::{FitReport, History};

/// The time between two drawings of the bar, at least: 15 a second.
const DRAW_EVERY: Duration = Duration::from_millis(66);

/// The time between two looks at the clock that the number of steps between them aims at. A look takes 30 ns.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// The time between two plain lines within an epoch, at least.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// How many lines a terminal takes at once, and how many a second after that.
const LINES: f64 = 20.0;
const LINES_PER_SECOND: f64 = 10.0;

/// Shows a run to whoever watches it.
pub(in crate::train) struct Progress {
    output: Output,
    now: Box<dyn Fn() -> Instant>,
    epochs: usize,
    samples: usize,
    steps_per_epoch: u64,
    monitor: String,
    /// The monitored value after the last epoch.
    monitored: Option<f64>,
    steps: Steps,
    clock: Clock,
    /// The learning rate of the first step.
    first_lr: Option<f64>,
    lr_changes: bool,
    /// An epoch whose line was left out, and the line.
    left_out: Option<(usize, String)>,
}

/// What the steps so far have said.
#[derive(Default)]
struct Steps {
    /// The current epoch, from 1.
    epoch: usize,
    /// The samples of the epoch that have been seen.
    samples: usize,
    /// The sum of the losses of the samples that this run saw of the epoch, and their number.
    loss: f64,
    losses: usize,
    /// The learning rate of the last step.
    lr: Option<f64>,
    /// The samples that this run has seen, of all epochs.
    seen: u64,
}

/// What is done when. A step does not look at the clock unless enough others have passed.
struct Clock {
    begin: Instant,
    /// The time that was not spent in steps.
    idle: Duration,
    /// When the epoch began; `None` if nobody looked.
    epoch: Option<Instant>,
    /// When the last step of the epoch was over; `None` if it is not, or nobody looked.
    steps_over: Option<Instant>,
    /// When the bar was drawn, or a line printed.
    shown: Instant,
    looked: Instant,
    /// Whether somebody looked in this epoch, and so looks at its end.
    is_epoch_looked_at: bool,
    /// The number of steps between two looks, and until the next.
    stride: u32,
    countdown: u32,
    /// How many lines may be printed, and when that was so.
    lines: f64,
    counted: Instant,
}

impl Clock {
    fn new(now: Instant) -> Self {
        Self {
            begin: now,
            idle: Duration::ZERO,
            epoch: Some(now),
            steps_over: None,
            shown: now,
            looked: now,
            is_epoch_looked_at: false,
            stride: 1,
            countdown: 1,
            lines: LINES,
            counted: now,
        }
    }

    /// Chooses the number of steps until the next look.
    fn choose_stride(&mut self, now: Instant) {
        let passed = now.duration_since(self.looked).as_nanos().max(1);
        let stride = u128::from(self.stride) * LOOK_EVERY.as_nanos() / passed;
        // the next steps may be slower
        self.stride = stride.clamp(1, u128::from(self.stride.saturating_mul(2).min(1_000_000))) as u32;
        (self.countdown, self.looked, self.is_epoch_looked_at) = (self.stride, now, true);
    }

    /// Whether a further line may be printed.
    fn allows_line(&mut self, now: Instant) -> bool {
        self.lines = LINES.min(self.lines + now.duration_since(self.counted).as_secs_f64() * LINES_PER_SECOND);
        self.counted = now;
        let allows = self.lines >= 1.0;
        self.lines -= f64::from(u8::from(allows));
        allows
    }
}

impl Progress {
    /// Progress on standard error.
    pub(in crate::train) fn new() -> Self {
        Self::with(Output::stderr(), Box::new(Instant::now))
    }

    fn with(output: Output, now: Box<dyn Fn() -> Instant>) -> Self {
        let clock = Clock::new(now());
        Self {
            output,
            now,
            epochs: 0,
            samples: 0,
            steps_per_epoch: 0,
            monitor: String::new(),
            monitored: None,
            steps: Steps::default(),
            clock,
            first_lr: None,
            lr_changes: false,
            left_out: None,
        }
    }

    /// Looks at the clock after a step.
    #[cold]
    fn look(&mut self, is_last: bool) {
        let now = (self.now)();
        if self.clock.countdown == 0 {
            self.clock.choose_stride(now);
        }
        if is_last {
            self.clock.steps_over = Some(now);
        }
        let pause = if self.output.is_terminal() { DRAW_EVERY } else { LINE_EVERY };
        if now.duration_since(self.clock.shown) >= pause {
            self.show(now);
        }
    }

    /// Draws the bar, or prints a plain line about the epoch.
    fn show(&mut self, now: Instant) {
        self.clock.shown = now;
        let status = self.status(now);
        self.output.status(&status);
    }

    fn status(&self, now: Instant) -> Status {
        let Self { steps, clock, epochs, samples, .. } = self;
        let training = now.duration_since(clock.begin).saturating_sub(clock.idle).as_secs_f64();
        let position =
            (steps.epoch.saturating_sub(1) as u64).saturating_mul(*samples as u64).saturating_add(steps.samples as u64);
        let rest = (*epochs as u64).saturating_mul(*samples as u64).saturating_sub(position);
        let passed = now.duration_since(clock.begin).as_secs_f64();
        Status {
            epoch: steps.epoch,
            epochs: *epochs,
            fraction: steps.samples as f64 / (*samples).max(1) as f64,
            loss: (steps.losses > 0).then(|| steps.loss / steps.losses as f64),
            monitored: self.monitored.map(|value| (self.monitor.clone(), value)),
            lr: steps.lr.map(Short),
            rate: (steps.seen > 0 && training > 0.0).then(|| Rate(steps.seen as f64 / training)),
            left: (steps.seen > 0).then(|| Span(passed * (rest as f64 / steps.seen as f64))),
        }
    }

    /// Whether the end of this epoch is worth a look at the clock: of many short epochs, some are.
    fn looks_at_end(&self) -> bool {
        self.clock.is_epoch_looked_at || !self.output.is_terminal()
    }

    /// What stands behind the line of an epoch: the learning rate, if it ever changes, and the seconds.
    fn line_end(&mut self, now: Instant) -> String {
        self.lr_changes |= self.steps.lr != self.first_lr;
        // writing to a `String` does not fail
        let mut end = String::new();
        if let (true, Some(lr)) = (self.lr_changes, self.steps.lr) {
            let _ = write!(end, "  lr {}", Short(lr));
        }
        if let Some(begin) = self.clock.epoch {
            let _ = write!(end, "  {}", Span(now.duration_since(begin).as_secs_f64()).in_words());
        }
        end
    }
}

impl Observer for Progress {
    fn begin(&mut self, plan: &Plan, history: &History) -> Result<(), LogError> {
        let Plan { samples, steps_per_epoch, epochs, ref monitor } = *plan;
        (self.samples, self.steps_per_epoch, self.epochs) = (samples, steps_per_epoch, epochs);
        // the loss is in the bar anyway
        self.monitor = if monitor == "loss" { String::new() } else { monitor.clone() };
        self.monitored = history.last(&self.monitor);
        self.first_lr = history.get("lr").and_then(|rates| rates.first().copied());
        self.steps = Steps { epoch: history.epochs() + 1, ..Steps::default() };
        let now = (self.now)();
        self.clock = Clock::new(now);
        (self.lr_changes, self.left_out) = (false, None);
        self.output.begin();
        if self.output.is_terminal() {
            self.show(now);
        }
        Ok(())
    }

    #[inline]
    fn step(&mut self, step: &StepRecord) -> Result<(), LogError> {
        let Self { steps, first_lr, .. } = self;
        if steps.seen == 0 {
            // a run can go on in the middle of an epoch
            let (samples, number) = (step.samples as u64, step.step_of_epoch.max(1));
            (steps.epoch, steps.samples) = (step.epoch, (samples - samples / number) as usize);
            first_lr.get_or_insert(step.lr);
        }
        let new = step.samples.saturating_sub(steps.samples);
        steps.samples = step.samples;
        steps.seen += new as u64;
        steps.losses += new;
        steps.loss += step.loss * new as f64;
        steps.lr = Some(step.lr);
        self.clock.countdown -= 1;
        let is_last = step.step_of_epoch == self.steps_per_epoch;
        if self.clock.countdown == 0 || (is_last && self.looks_at_end()) {
            self.look(is_last);
        }
        Ok(())
    }

    fn epoch(&mut self, history: &History, line: &dyn fmt::Display) -> Result<(), LogError> {
        let is_last = history.epochs() >= self.epochs;
        if self.looks_at_end() || is_last {
            let now = (self.now)();
            let line = line.to_string();
            let end = self.line_end(now);
            if is_last || !self.output.is_terminal() || self.clock.allows_line(now) {
                self.output.line(&line, &end);
                (self.clock.shown, self.left_out) = (now, None);
            } else {
                self.left_out = Some((history.epochs(), line + &end));
            }
            self.clock.idle += self.clock.steps_over.take().map_or(Duration::ZERO, |over| now.duration_since(over));
            self.clock.epoch = Some(now);
        } else {
            self.clock.epoch = None;
        }
        self.clock.is_epoch_looked_at = false;
        self.monitored = history.last(&self.monitor).or(self.monitored);
        let Steps { lr, seen, .. } = self.steps;
        self.steps = Steps { epoch: history.epochs() + 1, lr, seen, ..Steps::default() };
        Ok(())
    }

    fn note(&mut self, text: &str) -> bool {
        self.output.text(text);
        true
    }

    fn abandon(&mut self, _history: &History) {
        self.output.clear();
    }

    fn end(&mut self, report: &FitReport) -> Result<(), LogError> {
        if let Some((epoch, line)) = self.left_out.take()
            && epoch == report.epochs
        {
            self.output.line(&line, "");
        }
        self.output.text(&report.to_string());
        self.output.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
