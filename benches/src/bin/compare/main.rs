//! Starts every program of the suite in turn, round by round, and compares their times.
//!
//! - `compare tables DIR PROGRAMS ROUNDS MILLISECONDS [WORKLOAD..]` prints Markdown tables.
//! - `compare bars DIR PROGRAMS ROUNDS MILLISECONDS [WORKLOAD..]` prints `name ratio limit ok|short` for each bar, and fails if one
//!   is short or cannot be measured.
//!
//! `DIR` is what `ours export` wrote. `PROGRAMS` is a file with a line a program: the variants that it prints, separated by
//! commas, then its command, to which `DIR MILLISECONDS WORKLOAD` is added.

mod bars;
mod programs;
mod tables;

use std::error::Error;
use std::process::ExitCode;

use programs::{Programs, Results};

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("compare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let [what, directory, file, rounds, milliseconds, workloads @ ..] = arguments else {
        return Err("usage: compare tables|bars DIR PROGRAMS ROUNDS MILLISECONDS [WORKLOAD..]".into());
    };
    let is_wanted = |name: &str| workloads.is_empty() || workloads.iter().any(|workload| workload == name);
    let programs = Programs::read(file, directory, milliseconds)?;
    let rounds: usize = rounds.parse()?;
    let mut results = Results::default();
    match what.as_str() {
        "tables" => {
            let workloads: Vec<String> = programs.workloads()?.into_iter().filter(|name| is_wanted(name)).collect();
            programs.run(&mut results, rounds, &workloads, |_, _| true);
            print!("{}", tables::markdown(&results, &workloads));
            Ok(if results.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        "bars" => {
            let bars: Vec<_> = bars::BARS.iter().filter(|bar| is_wanted(bar.workload)).collect();
            let workloads: Vec<String> = bars.iter().map(|bar| bar.workload.into()).collect();
            programs.run(&mut results, rounds, &workloads, |workload, variant| {
                bars.iter().any(|bar| bar.workload == workload && bar.needs(variant))
            });
            let met = bars.iter().filter(|bar| bar.print(&results)).count();
            Ok(if met == bars.len() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        other => Err(format!("neither `tables` nor `bars`: {other}").into()),
    }
}
