//! The time of one call: samples long enough for the clock, the least of them and their median.

use std::time::{Duration, Instant};

/// The least length of a sample.
const SAMPLE: Duration = Duration::from_micros(100);

/// The nanoseconds of a call, from samples over a given time.
pub struct Times {
    pub minimum: f64,
    pub median: f64,
}

impl Times {
    /// Times `call`, after a warm-up of a tenth of the time.
    pub fn of(mut call: impl FnMut(), duration: Duration) -> Self {
        let calls = calls_for(&mut call, duration / 10);
        let mut samples = Vec::new();
        let start = Instant::now();
        while samples.len() < 5 || start.elapsed() < duration {
            samples.push(sample(&mut call, calls).as_secs_f64() * 1e9 / f64::from(calls));
        }
        samples.sort_by(f64::total_cmp);
        Self { minimum: samples[0], median: samples[samples.len() / 2] }
    }
}

fn sample(call: &mut impl FnMut(), calls: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed()
}

/// Warms up and finds how many calls make a sample.
fn calls_for(call: &mut impl FnMut(), warm_up: Duration) -> u32 {
    let start = Instant::now();
    let mut calls = 1;
    loop {
        let time = sample(call, calls);
        if time < SAMPLE {
            calls *= 2;
        } else if start.elapsed() >= warm_up {
            return calls;
        }
    }
}
