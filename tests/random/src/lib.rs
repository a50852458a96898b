//! Random invocations of `network!` that are valid, each from a seed.
//!
//! - [`TABLE`]: a row for each layer; a new layer is one more row.
//! - [`invocation`]: the text of an invocation, of one or two networks.
//!
//! The shapes are worked out here once more, and declared as each network's output: the macro has to find the same.

mod layers;
mod network;
mod numbers;
mod options;
mod shape;
mod stages;
mod windows;

pub use layers::{Layer, TABLE};
pub use network::invocation;
pub use numbers::Random;
