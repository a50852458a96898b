//! A run as a terminal shows it, and as lines. Time is the test's.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use std::io::{self, Write};

use indicatif::{InMemoryTerm, ProgressDrawTarget};

use super::super::tests::{history, report};
use super::*;

/// A run of 20 epochs of 100 steps of 10 samples, whose step takes as long as the test says.
struct Run {
    progress: Progress,
    now: Rc<Cell<Instant>>,
    looks: Rc<Cell<usize>>,
    epoch: usize,
}

impl Run {
    fn new(output: Output, epochs: usize) -> Self {
        let now = Rc::new(Cell::new(Instant::now()));
        let looks = Rc::new(Cell::new(0));
        let clock = {
            let (now, looks) = (Rc::clone(&now), Rc::clone(&looks));
            move || {
                looks.set(looks.get() + 1);
                now.get()
            }
        };
        let mut progress = Progress::with(output, Box::new(clock));
        let plan = Plan { epochs, ..super::super::tests::plan() };
        progress.begin(&plan, &history(0)).expect("shown");
        Self { progress, now, looks, epoch: 1 }
    }

    fn pass(&self, time: Duration) {
        self.now.set(self.now.get() + time);
    }

    fn steps(&mut self, steps: core::ops::RangeInclusive<u64>, time: Duration) {
        for step_of_epoch in steps {
            self.pass(time);
            let samples = 10 * step_of_epoch as usize;
            let lr = if self.epoch > 1 { 5e-4 } else { 1e-3 };
            let step = StepRecord { epoch: self.epoch, step: 0, step_of_epoch, samples, loss: 0.5, lr };
            self.progress.step(&step).expect("shown");
        }
    }

    fn end_epoch(&mut self) {
        let line = alloc::format!("epoch {:2}/20  loss 0.5000  val_loss 0.2500  val_accuracy 0.9000", self.epoch);
        self.progress.epoch(&history(self.epoch), &line).expect("shown");
        self.epoch += 1;
    }

    fn epochs(&mut self, epochs: usize, time: Duration) {
        for _ in 0..epochs {
            self.steps(1..=100, time);
            self.end_epoch();
        }
    }
}

fn terminal(width: u16) -> (InMemoryTerm, Output) {
    let screen = InMemoryTerm::new(50, width);
    let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
    (screen, Output::terminal(target, Box::new(move || usize::from(width))))
}

/// What is written can be read.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.borrow().clone()).expect("text")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_terminal_shows_a_bar_below_the_lines_of_the_epochs() {
    let (screen, output) = terminal(80);
    let mut run = Run::new(output, 20);
    assert_eq!(screen.contents(), "epoch  1/20 [>                             ]");
    run.epochs(2, 20 * MS);
    run.progress.note("note: a checkpoint could not be saved");
    run.steps(1..=50, 20 * MS);
    let expected = "epoch  1/20  loss 0.5000  val_loss 0.2500  val_accuracy 0.9000  2.0 s\n\
                    epoch  2/20  loss 0.5000  val_loss 0.2500  val_accuracy 0.9000  lr 5e-4  2.0 s\n\
                    note: a checkpoint could not be saved\n\
                    epoch  3/20 [=========>         ] loss 0.5000  lr 5e-4  500 samples/s  eta 0:35";
    assert_eq!(screen.contents(), expected);
    run.progress.end(&report(2)).expect("shown");
    let expected = expected.rsplit_once('\n').expect("lines").0.to_string()
        + "\ntrained for 2 epochs, 200 steps; best val_loss 0.2500 in epoch 2, whose network\nis restored";
    assert_eq!(screen.contents(), expected);
}

#[test]
fn nothing_wraps_in_a_narrow_terminal() {
    let (screen, output) = terminal(40);
    let mut run = Run::new(output, 20);
    run.epochs(1, 20 * MS);
    run.progress.note("note: a checkpoint could not be saved: no space left on device");
    run.steps(1..=50, 20 * MS);
    let expected = "epoch  1/20  loss 0.5000\n\
                    note: a checkpoint could not be saved:\n\
                    no space left on device\n\
                    epoch  2/20  48%  loss 0.5000  eta 0:37";
    assert_eq!(screen.contents(), expected);
}

/// The bar is gone when an error is printed.
#[test]
fn a_run_that_fails_takes_its_bar_away() {
    let (screen, output) = terminal(80);
    let mut run = Run::new(output, 20);
    run.steps(1..=50, 20 * MS);
    drop(run);
    assert_eq!(screen.contents(), "");
}

#[test]
fn a_bar_is_drawn_fifteen_times_a_second_at_most() {
    let (screen, output) = terminal(80);
    let mut run = Run::new(output, 1);
    run.steps(1..=99, MS);
    screen.reset();
    let _ = screen.moves_since_last_check();
    // a second more
    run.progress.samples = 100_000;
    run.steps(101..=1100, MS);
    let draws = screen.moves_since_last_check().matches("Flush").count();
    assert!((10..=15).contains(&draws), "{draws} drawings");
}

#[test]
fn steps_look_at_the_clock_now_and_then() {
    let (_, output) = terminal(80);
    let mut run = Run::new(output, 20);
    run.progress.steps_per_epoch = 1_000_000;
    run.steps(1..=100_000, Duration::from_micros(1));
    let looks = run.looks.take();
    assert!(looks < 150, "{looks} looks in 0.1 s");
    // steps that become slow are noticed
    run.steps(100_001..=140_000, Duration::from_micros(100));
    let looks = run.looks.take();
    assert!((3000..5000).contains(&looks), "{looks} looks in 4 s");
}

#[test]
fn short_epochs_do_not_flood_a_terminal() {
    let (screen, output) = terminal(80);
    let mut run = Run::new(output, 3000);
    // 3 s
    run.epochs(3000, Duration::from_micros(10));
    let _ = screen.contents();
    let lines = screen.moves_since_last_check().matches("loss 0.5000  val_loss").count();
    assert!((20..=60).contains(&lines), "{lines} lines");
    assert!(screen.contents().contains("epoch 3000/20"));
}

/// Lines without control characters: all epochs, however short.
#[test]
fn a_pipe_gets_a_line_for_each_epoch() {
    let written = Written::default();
    let mut run = Run::new(Output::Lines(Box::new(written.clone())), 200);
    run.epochs(200, Duration::from_micros(10));
    run.progress.end(&report(200)).expect("shown");
    let text = written.text();
    assert_eq!(text.lines().count(), 201);
    assert!(text.starts_with("epoch  1/20  loss 0.5000  val_loss 0.2500  val_accuracy 0.9000  1 ms\n"));
    assert!(text.ends_with(
        "trained for 200 epochs, 20000 steps; best val_loss 0.2500 in epoch 200, whose network is restored\n"
    ));
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()));
}

#[test]
fn a_pipe_gets_a_line_every_ten_seconds() {
    let written = Written::default();
    let mut run = Run::new(Output::Lines(Box::new(written.clone())), 20);
    run.epochs(1, 250 * MS);
    let expected = "epoch  1/20  40%  loss 0.5000  lr 1e-3  40.0 samples/s  eta 8:10\n\
                    epoch  1/20  80%  loss 0.5000  lr 1e-3  40.0 samples/s  eta 8:00\n\
                    epoch  1/20  loss 0.5000  val_loss 0.2500  val_accuracy 0.9000  25.0 s\n";
    assert_eq!(written.text(), expected);
}

/// The loss, the speed and the time left are those of the samples that this run has seen.
#[test]
fn a_run_that_goes_on_within_an_epoch_counts_what_it_does_itself() {
    let written = Written::default();
    let mut run = Run::new(Output::Lines(Box::new(written.clone())), 2);
    run.steps(51..=91, 250 * MS);
    assert_eq!(written.text(), "epoch 1/2  90%  loss 0.5000  lr 1e-3  40.0 samples/s  eta 0:28\n");
}

/// Validation takes time, but is no sample a second.
#[test]
fn the_speed_is_that_of_the_steps() {
    let written = Written::default();
    let mut run = Run::new(Output::Lines(Box::new(written.clone())), 2);
    run.steps(1..=100, 50 * MS);
    run.pass(5000 * MS);
    run.end_epoch();
    run.steps(1..=100, 100 * MS);
    assert_eq!(
        written.text().lines().last(),
        Some("epoch 2/2 100%  loss 0.5000  val_loss 0.3333  lr 5e-4  133 samples/s  eta 0:00")
    );
}
