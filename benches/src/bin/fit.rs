//! `Fit` on 2-8-1 against loops by hand: the ten lines of `Training::step_rows`, which do the same, and the bare loop of `Training::step` over
//! the samples in their order, without shuffling. Interleaved rounds in one process, the least time of each.
//!
//! Fails if a step of `Fit` takes more than [`BAR`] times as long as one of the ten lines: times of 150 ns vary by some percent. It
//! takes fewer instructions.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nn_runtime::prelude::*;
use nn_runtime::train::shuffled;

const BAR: f64 = 1.1;
const SAMPLES: usize = 4096;
const EPOCHS: usize = 5;
const ROUNDS: usize = 40;

network! {
    /// The smallest network that learns something.
    pub struct Small: [2] -> [1] {
        hidden: linear(8), tanh,
        out: linear(1),
    }
}

type Data<'a> = (&'a [[f32; 2]], &'a [[f32; 1]]);

/// A step, and its time, of the bare loop.
fn bare<const BATCH: usize>((inputs, targets): Data) -> Duration {
    let mut network = Small::new(&mut rng(0));
    let mut training = Training::<Small, Adam, BATCH>::boxed();
    let begin = Instant::now();
    for _ in 0..EPOCHS {
        for (inputs, targets) in inputs.chunks(BATCH).zip(targets.chunks(BATCH)) {
            training.step(&mut network, &Adam::new(1e-3), &Mse, inputs, targets).expect("finite");
        }
    }
    let time = begin.elapsed();
    black_box(network);
    time
}

/// The same of the ten lines.
fn ten_lines<const BATCH: usize>((inputs, targets): Data) -> Duration {
    let data = Dataset::new(inputs, targets).expect("as many of both");
    let mut network = Small::new(&mut rng(0));
    let mut training = Training::<Small, Adam, BATCH>::boxed();
    let begin = Instant::now();
    for epoch in 0..EPOCHS {
        for rows in shuffled(data.len(), 0, epoch as u64).chunks(BATCH) {
            training.step_rows(&mut network, &Adam::new(1e-3), &Mse, &data, rows).expect("finite");
        }
    }
    let time = begin.elapsed();
    black_box(network);
    time
}

/// The same of `Fit`.
fn fit<const BATCH: usize>((inputs, targets): Data) -> Duration {
    let data = Dataset::new(inputs, targets).expect("as many of both");
    let mut network = Small::new(&mut rng(0));
    let begin = Instant::now();
    let mut run = Fit::new(Adam::new(1e-3), Mse).epochs(EPOCHS).batch_size(BATCH).tile::<BATCH>();
    run.run(&mut network, &data).expect("finite");
    let time = begin.elapsed();
    black_box(network);
    time
}

fn compare<const BATCH: usize>(data: Data) -> bool {
    let mut least = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        let times = [bare::<BATCH>(data), ten_lines::<BATCH>(data), fit::<BATCH>(data)];
        least = std::array::from_fn(|way| least[way].min(times[way]));
    }
    let steps = (EPOCHS * SAMPLES / BATCH) as f64;
    let [bare, ten_lines, fit] = least.map(|time| time.as_secs_f64() * 1e9 / steps);
    let ratio = fit / ten_lines;
    println!(
        "2-8-1 at batch {BATCH}: a step of Fit {fit:.0} ns, of the ten lines {ten_lines:.0} ns ({ratio:.3}), of the bare loop {bare:.0} ns"
    );
    ratio <= BAR
}

fn main() -> ExitCode {
    let inputs: Vec<[f32; 2]> = (0..SAMPLES).map(|i| [(i % 7) as f32 / 7.0, (i % 11) as f32 / 11.0]).collect();
    let targets: Vec<[f32; 1]> = inputs.iter().map(|[x, y]| [x * y]).collect();
    let data = (&*inputs, &*targets);
    let are_fast = [compare::<4>(data), compare::<32>(data)];
    if are_fast == [true; 2] { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
