//! The programs, and what they measure.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};

/// The variant that all are compared with.
pub const OURS: &str = "ours";

/// A program of the suite.
struct Program {
    variants: Vec<String>,
    command: Vec<String>,
}

/// All programs, and what each is given.
pub struct Programs {
    list: Vec<Program>,
    directory: String,
    milliseconds: String,
}

/// The nanoseconds of a call, over all rounds.
#[derive(Clone, Copy)]
pub struct Times {
    pub minimum: f64,
    pub median: f64,
}

/// What the rounds gave.
#[derive(Default)]
pub struct Results {
    /// By workload and variant: the least time and the median of each round.
    rounds: BTreeMap<(String, String), Vec<Times>>,
    /// By workload and the variants of the program: those that do not agree, or do not run.
    pub failures: Vec<(String, String)>,
}

impl Programs {
    pub fn read(file: &str, directory: &str, milliseconds: &str) -> Result<Self, Box<dyn Error>> {
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let words = text.lines().map(|line| line.split_whitespace().map(String::from).collect::<Vec<_>>());
        let list = words.filter_map(|words| {
            let (variants, command) = words.split_first()?;
            Some(Program { variants: variants.split(',').map(String::from).collect(), command: command.to_vec() })
        });
        Ok(Self { list: list.collect(), directory: directory.into(), milliseconds: milliseconds.into() })
    }

    /// The names of all workloads, as our program lists them.
    pub fn workloads(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let ours = self.list.iter().find(|program| program.variants.iter().any(|variant| variant == OURS));
        let output = ours.ok_or("our own program is not in the list")?.start(["list"])?;
        Ok(output.lines().map(String::from).collect())
    }

    /// Runs each workload in each program that is wanted for it, in turn, a few rounds long.
    pub fn run(
        &self,
        results: &mut Results,
        rounds: usize,
        workloads: &[String],
        is_wanted: impl Fn(&str, &str) -> bool,
    ) {
        for round in 0..rounds {
            for workload in workloads {
                for program in &self.list {
                    if !program.variants.iter().any(|variant| is_wanted(workload, variant))
                        || results.is_without(workload, program, round)
                    {
                        continue;
                    }
                    match program.start([self.directory.as_str(), &self.milliseconds, workload]) {
                        Ok(output) => results.take(&output),
                        Err(error) => {
                            eprintln!("{workload}: {error}");
                            results.failures.push((workload.clone(), program.variants.join(",")));
                        }
                    }
                }
            }
        }
    }
}

impl Program {
    fn start<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Result<String, Box<dyn Error>> {
        let (name, first) = self.command.split_first().ok_or("a program without a command")?;
        let mut command = Command::new(name);
        command.args(first).args(arguments).stdin(Stdio::null()).stderr(Stdio::inherit());
        let output = command.output().map_err(|error| format!("{}: {error}", self.command.join(" ")))?;
        if !output.status.success() {
            return Err(format!("{}: {}", self.command.join(" "), output.status).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Results {
    /// Takes the lines `WORKLOAD VARIANT MINIMUM MEDIAN` of a program.
    fn take(&mut self, output: &str) {
        for line in output.lines() {
            eprintln!("{line}");
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [workload, variant, minimum, median] = words[..]
                && let (Ok(minimum), Ok(median)) = (minimum.parse(), median.parse())
            {
                let key = (workload.to_owned(), variant.to_owned());
                self.rounds.entry(key).or_default().push(Times { minimum, median });
            }
        }
    }

    /// Whether an earlier round showed that the program does not do this workload.
    fn is_without(&self, workload: &str, program: &Program, round: usize) -> bool {
        round > 0 && !program.variants.iter().any(|variant| self.times(workload, variant).is_some())
    }

    /// The least time of all rounds, and the median of their medians.
    pub fn times(&self, workload: &str, variant: &str) -> Option<Times> {
        let rounds = self.rounds.get(&(workload.to_owned(), variant.to_owned()))?;
        let mut medians: Vec<f64> = rounds.iter().map(|times| times.median).collect();
        medians.sort_by(f64::total_cmp);
        let minimum = rounds.iter().map(|times| times.minimum).fold(f64::INFINITY, f64::min);
        Some(Times { minimum, median: medians[medians.len() / 2] })
    }

    /// All variants that were measured.
    pub fn variants(&self) -> Vec<String> {
        let mut variants: Vec<String> = self.rounds.keys().map(|(_, variant)| variant.clone()).collect();
        variants.sort();
        variants.dedup();
        variants
    }
}
