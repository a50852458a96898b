//! The bars: how fast we must be beside the best peer at each work.

use super::programs::{OURS, Results};

/// A bar.
pub struct Bar {
    pub workload: &'static str,
    limit: Limit,
}

/// What our least time is held against.
enum Limit {
    /// So many times the least time of a variant.
    Times(f64, &'static str),
    /// A time in nanoseconds.
    Nanoseconds(f64),
}

const fn bar(workload: &'static str, ratio: f64, peer: &'static str) -> Bar {
    Bar { workload, limit: Limit::Times(ratio, peer) }
}

/// `eigen` stands in for `RTNeural`, and for `genann`, which no package registry carries. `SimpleChains` needs 656
/// core-microseconds on the laptop of its own benchmark: its bar is a time.
pub const BARS: &[Bar] = &[
    bar("tiny", 0.8, "eigen"),
    bar("tiny-sgd", 0.25, "eigen"),
    bar("tiny-adam", 0.1, "jax-scan"),
    Bar { workload: "simplechains", limit: Limit::Nanoseconds(650_000.0) },
    bar("mlp", 1.0, "eigen"),
    bar("mlp-train-32", 0.75, "jax-scan"),
    bar("mlp-train-64", 0.8, "jax-scan"),
    bar("lenet", 0.65, "litert"),
    bar("lenet-train-32", 0.33, "torch-fused"),
    bar("lenet-train-128", 0.33, "torch-fused"),
    bar("lstm16", 0.9, "eigen"),
    bar("gru16", 0.9, "eigen"),
    bar("lstm64", 1.0, "eigen"),
    bar("lstm16-train", 0.5, "jax-scan"),
    bar("gru16-train", 0.5, "jax-scan"),
    bar("lstm64-train", 0.6, "jax-scan"),
    bar("encoder", 0.6, "jax-scan"),
    bar("encoder-train-16", 0.5, "jax-scan"),
    bar("regression", 0.05, "burn"),
];

impl Bar {
    /// Whether it compares this variant.
    pub fn needs(&self, variant: &str) -> bool {
        variant == OURS || matches!(self.limit, Limit::Times(_, peer) if peer == variant)
    }

    /// Prints its line: whether it is met.
    pub fn print(&self, results: &Results) -> bool {
        let ours = results.times(self.workload, OURS).map(|times| times.minimum);
        let (against, limit) = match self.limit {
            Limit::Times(ratio, peer) => (results.times(self.workload, peer).map(|times| times.minimum), ratio),
            Limit::Nanoseconds(time) => (Some(time), 1.0),
        };
        let Some(ratio) = ours.zip(against).map(|(ours, against)| ours / against) else {
            println!("{} - {limit} short", self.workload);
            return false;
        };
        let is_met = ratio <= limit;
        println!("{} {ratio:.3} {limit} {}", self.workload, if is_met { "ok" } else { "short" });
        is_met
    }
}
