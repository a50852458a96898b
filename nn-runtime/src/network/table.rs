//! What a network says of itself: its runs of parameters, its table of layers.

use core::fmt;

/// A range of a network's flat slice, all of it trained or all of it running statistics.
///
/// Neighbouring ranges of one kind are one run: a network without running statistics has a single run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first scalar.
    pub start: usize,
    /// The number of scalars.
    pub len: usize,
    /// Whether an optimizer trains it. Otherwise it is running statistics.
    pub is_trained: bool,
}

/// One row of a network's table of layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// The stage's name, `.` between nested names; empty for a stage that needs none.
    pub name: &'static str,
    /// The layer's keyword, or the type of a layer that is none of the library's.
    pub keyword: &'static str,
    /// The shape of one sample's input.
    pub input: &'static [usize],
    /// The shape of one sample's output.
    pub output: &'static [usize],
    /// The number of trainable parameters, or of frozen ones.
    pub parameters: usize,
    /// The number of running statistics.
    pub state: usize,
    /// The position of its first parameter in the flat slice, or in the frozen parameters.
    pub start: usize,
    /// Whether the stage is marked `#[frozen]`.
    pub is_frozen: bool,
    /// The multiply-adds of a forward pass over one sample.
    pub multiply_adds: u64,
}

/// The table of layers, to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Summary {
    /// The network's name.
    pub name: &'static str,
    /// Its rows.
    pub layers: &'static [LayerInfo],
    /// The bytes of its parameters and running statistics.
    pub parameter_bytes: usize,
    /// The bytes of its inference workspace, for one sample.
    pub inference_bytes: usize,
    /// The bytes of its training workspace, for each row of a tile.
    pub training_bytes: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)
    }
}

/// The multiply-adds of a whole table.
pub(super) const fn multiply_adds(layers: &[LayerInfo]) -> u64 {
    let mut sum = 0;
    let mut i = 0;
    while i < layers.len() {
        sum += layers[i].multiply_adds;
        i += 1;
    }
    sum
}
