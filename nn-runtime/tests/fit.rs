//! Runs of `Fit` on networks of `network!`: what a loop by hand computes, when they end, and what they report.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

#[path = "fit/accumulation.rs"]
mod accumulation;
#[path = "fit/averages.rs"]
mod averages;
#[path = "fit/by_hand.rs"]
mod by_hand;
#[path = "fit/callbacks.rs"]
mod callbacks;
#[path = "fit/errors.rs"]
mod errors;
#[path = "fit/history.rs"]
mod history;
#[path = "fit/schedules.rs"]
mod schedules;
#[path = "fit/stopping.rs"]
mod stopping;

use nn_runtime::network::Row;
use nn_runtime::prelude::*;

network! {
    struct Plain: [3] -> [4] { linear(8), tanh, linear(4) }
    struct Dropping: [3] -> [4] { linear(8), relu, dropout(0.3), linear(4) }
    struct Normed: [3] -> [4] { linear(8), norm: batch_norm1d, relu, linear(4) }
    struct Line: [1] -> [1] { fc: linear(1) }
}

/// Samples of three inputs and four targets.
struct Data {
    inputs: Vec<[f32; 3]>,
    targets: Vec<[f32; 4]>,
    classes: Vec<u8>,
}

impl Data {
    fn new(samples: usize) -> Self {
        let wave = |phase: usize| f32::sin(phase as f32 * 1.7);
        let row = |row: usize| [wave(3 * row), wave(3 * row + 1), wave(3 * row + 2)];
        let inputs: Vec<_> = (0..samples).map(row).collect();
        let targets = inputs.iter().map(|&[a, b, c]| [a * b, b - c, a * a, 0.5]).collect();
        let classes = inputs.iter().map(|&[a, b, _]| u8::from(a > 0.0) + 2 * u8::from(b > 0.3)).collect();
        Self { inputs, targets, classes }
    }

    fn values(&self) -> Dataset<'_, [f32; 3], [f32; 4]> {
        Dataset::new(&self.inputs, &self.targets).expect("as many of both")
    }

    fn classes(&self) -> Dataset<'_, [f32; 3], u8> {
        Dataset::new(&self.inputs, &self.classes).expect("as many of both")
    }
}

/// A line that learns to be 1 everywhere, and data on which it should be 0: validated on them, it is better from epoch to epoch until it
/// has passed 0, and worse from then on.
struct Passing {
    inputs: [[f32; 1]; 1],
    ones: [[f32; 1]; 1],
    zeros: [[f32; 1]; 1],
}

impl Passing {
    const NEW: Self = Self { inputs: [[0.0]], ones: [[1.0]], zeros: [[0.0]] };

    /// The best validation is after the third epoch of SGD with a rate of 0.1.
    fn network() -> Line {
        let mut network = Line::ZERO;
        network.fc.bias[0] = -1.0;
        network
    }

    fn train(&self) -> Dataset<'_, [f32; 1], [f32; 1]> {
        Dataset::new(&self.inputs, &self.ones).expect("as many of both")
    }

    fn validation(&self) -> Dataset<'_, [f32; 1], [f32; 1]> {
        Dataset::new(&self.inputs, &self.zeros).expect("as many of both")
    }
}

/// The samples of these rows.
fn pick<Input: Row, Target: Copy>(data: &Dataset<Input, Target>, rows: &[usize]) -> (Vec<Input>, Vec<Target>) {
    rows.iter().map(|&row| (data.inputs()[row], data.targets()[row])).unzip()
}

/// Checks that values differ by at most `tolerance`.
fn assert_near(found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len());
    for (position, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= tolerance, "{position}: {found}, expected {expected}");
    }
}
