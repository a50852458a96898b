//! Each case is a process of its own, this test program again, to which Ctrl-C is sent.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, println, thread};

use super::*;

/// Names the part of [`child`] that a process runs.
const PART: &str = "NN_CTRL_C_PART";

/// The process of a part, its output after the line `ready`.
struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// `signal` is what the process inherits: `default` or `ignore`.
    fn begin(part: &str, signal: &str) -> Self {
        let mut child = Command::new("env")
            .arg(std::format!("--{signal}-signal=INT"))
            .arg(env::current_exe().expect("a path"))
            .args(["--exact", "--nocapture", "--ignored", "train::observe::ctrl_c::tests::child"])
            .env(PART, part)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, lines }
    }

    fn press(&mut self) {
        let kill = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill").success());
    }

    /// Waits for a line.
    fn wait_for(&mut self, expected: &str) {
        let found = self.lines.any(|line| line.expect("text").ends_with(expected));
        assert!(found, "the process did not print `{expected}`");
    }

    fn code(mut self) -> Option<i32> {
        self.lines.by_ref().for_each(drop);
        self.child.wait().expect("ended").code()
    }
}

fn wait_until_pressed(watch: &Watch) {
    while !watch.is_pressed() {
        thread::sleep(Duration::from_millis(1));
    }
}

/// What the processes do. Ends with code 3 where all is well.
#[test]
#[ignore = "a process of the other tests"]
fn child() {
    match env::var(PART).as_deref() {
        Ok("runs") => {
            for run in ["first", "second"] {
                let watch = watch().expect("a watch");
                assert!(!watch.is_pressed(), "the {run} run saw the press of another");
                println!("{run}");
                wait_until_pressed(&watch);
            }
        }
        Ok("threads") => {
            let watches = [watch().expect("a watch"), watch().expect("a watch")];
            let threads = watches.map(|watch| thread::spawn(move || wait_until_pressed(&watch)));
            println!("ready");
            for thread in threads {
                thread.join().expect("ended");
            }
        }
        Ok("twice") => {
            let watch = watch().expect("a watch");
            println!("ready");
            wait_until_pressed(&watch);
            println!("pressed");
            thread::sleep(Duration::from_secs(10));
        }
        Ok("nobody") => {
            drop(watch().expect("a watch"));
            println!("ready");
            thread::sleep(Duration::from_secs(10));
        }
        Ok("own") => {
            ctrlc::set_handler(|| ()).expect("a handler");
            assert_eq!(watch().expect_err("a handler"), WatchError::Handled);
        }
        Ok("ignored") => {
            let watch = watch().expect("a watch");
            println!("ready");
            thread::sleep(Duration::from_millis(300));
            assert!(!watch.is_pressed());
        }
        _ => return,
    }
    process::exit(3);
}

#[test]
fn each_press_ends_a_run() {
    let mut process = Process::begin("runs", "default");
    for run in ["first", "second"] {
        process.wait_for(run);
        process.press();
    }
    assert_eq!(process.code(), Some(3));
}

#[test]
fn a_press_ends_all_runs_of_the_moment() {
    let mut process = Process::begin("threads", "default");
    process.wait_for("ready");
    process.press();
    assert_eq!(process.code(), Some(3));
}

#[test]
fn the_second_press_ends_the_process() {
    let mut process = Process::begin("twice", "default");
    process.wait_for("ready");
    process.press();
    process.wait_for("pressed");
    process.press();
    assert_eq!(process.code(), Some(INTERRUPTED));
}

#[test]
fn a_press_ends_the_process_when_nobody_watches() {
    let mut process = Process::begin("nobody", "default");
    process.wait_for("ready");
    process.press();
    assert_eq!(process.code(), Some(INTERRUPTED));
}

#[test]
fn a_handler_of_the_program_is_left_alone() {
    assert_eq!(Process::begin("own", "default").code(), Some(3));
}

#[test]
fn a_process_that_ignores_ctrl_c_goes_on_ignoring_it() {
    let mut process = Process::begin("ignored", "ignore");
    process.wait_for("ready");
    process.press();
    assert_eq!(process.code(), Some(3));
}
