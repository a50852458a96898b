//! The time of one call: samples long enough for the clock, the least of them and their median.

use std::time::{Duration, Instant};

const SAMPLE: Duration = Duration::from_micros(100);

/// The least and the median nanoseconds of a call, from samples over a given time, after a warm-up of a tenth of it.
pub fn time<E>(mut call: impl FnMut() -> Result<(), E>, duration: Duration) -> Result<(f64, f64), E> {
    let start = Instant::now();
    let mut calls = 1_u32;
    loop {
        let time = sample(&mut call, calls)?;
        if time < SAMPLE {
            calls *= 2;
        } else if start.elapsed() >= duration / 10 {
            break;
        }
    }
    let mut samples = Vec::new();
    let start = Instant::now();
    while samples.len() < 5 || start.elapsed() < duration {
        samples.push(sample(&mut call, calls)?.as_secs_f64() * 1e9 / f64::from(calls));
    }
    samples.sort_by(f64::total_cmp);
    Ok((samples[0], samples[samples.len() / 2]))
}

fn sample<E>(call: &mut impl FnMut() -> Result<(), E>, calls: u32) -> Result<Duration, E> {
    let start = Instant::now();
    for _ in 0..calls {
        call()?;
    }
    Ok(start.elapsed())
}
