//! Our side of the comparison: every workload of the suite, in the public interface, as a user would write it.
//!
//! - `ours export DIR` writes each workload's weights, inputs, targets and expected values, which every peer starts from.
//! - `ours DIR MILLISECONDS WORKLOAD..` checks the values, then times, and prints `WORKLOAD ours MINIMUM MEDIAN` in nanoseconds.
//! - `ours count DIR CALLS WORKLOAD..` makes so many calls in a function of their own, for a program that counts instructions.
//! - `ours list` prints the workloads' names.

mod exchange;
mod job;
mod networks;
mod parameters;
mod timing;
mod workloads;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use job::{Job, Task};
use workloads::WORKLOADS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match *arguments.as_slice() {
        ["list"] => {
            for workload in WORKLOADS {
                println!("{}", workload.name);
            }
            Ok(())
        }
        ["export", directory] => run(directory, Task::Export, |_| true),
        ["count", directory, calls, ref names @ ..] => calls
            .parse()
            .map_err(Into::into)
            .and_then(|calls| run(directory, Task::Count(calls), |name| names.contains(&name))),
        [directory, milliseconds, ref names @ ..] => {
            milliseconds.parse().map_err(Into::into).and_then(|milliseconds| {
                run(directory, Task::Time(Duration::from_millis(milliseconds)), |name| names.contains(&name))
            })
        }
        _ => Err(
            "usage: ours export DIR | ours DIR MILLISECONDS WORKLOAD.. | ours count DIR CALLS WORKLOAD.. | ours list"
                .into(),
        ),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ours: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(directory: &str, task: Task, is_wanted: impl Fn(&str) -> bool) -> Result<(), Box<dyn Error>> {
    for workload in WORKLOADS.iter().filter(|workload| is_wanted(workload.name)) {
        let job = Job { workload, directory: Path::new(directory).join(workload.name), task };
        (workload.run)(&job).map_err(|error| format!("{}: {error}", workload.name))?;
    }
    Ok(())
}
