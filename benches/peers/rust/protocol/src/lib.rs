//! What the programs of the peers share: reading the exchange directory that `ours export` writes, the check, the clock.
//!
//! A program is `peer DIR MILLISECONDS WORKLOAD..`; it prints `WORKLOAD VARIANT MINIMUM MEDIAN`, times in nanoseconds of one
//! call, once what it computes has agreed with `expected.f32`.

mod clock;
mod job;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

pub use job::{Job, Parameter};

/// Whatever goes wrong.
pub type Failure = Box<dyn Error>;

/// A workload's name and what does it.
pub type Entry = (&'static str, fn(&Job) -> Result<(), Failure>);

/// A peer's `main`: does those workloads of the command line that it knows. A build for the machine's own instructions has its
/// name end in `-native`.
#[must_use]
pub fn main(peer: &str, entries: &[Entry]) -> ExitCode {
    let native = if cfg!(target_feature = "avx2") { "-native" } else { "" };
    match run(&format!("{peer}{native}"), entries) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{peer}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(variant: &str, entries: &[Entry]) -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [directory, milliseconds, names @ ..] = arguments.as_slice() else {
        return Err("usage: DIR MILLISECONDS WORKLOAD..".into());
    };
    let duration = Duration::from_millis(milliseconds.parse()?);
    for (name, entry) in entries.iter().filter(|(name, _)| names.iter().any(|wanted| wanted == name)) {
        let done = Job::open(Path::new(directory), name, variant, duration).and_then(|job| entry(&job));
        done.map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}
