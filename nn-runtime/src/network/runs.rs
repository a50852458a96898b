//! Which ranges of a network's flat slice are trained, and which are running statistics.

use super::table::LayerInfo;
use super::tensors::Tensor;

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

impl Run {
    /// A range that is trained.
    #[must_use]
    pub const fn trained(start: usize, len: usize) -> Self {
        Self { start, len, is_trained: true }
    }

    /// A range of running statistics.
    #[must_use]
    pub const fn state(start: usize, len: usize) -> Self {
        Self { start, len, is_trained: false }
    }
}

/// The number of a network's runs.
#[must_use]
pub const fn count_runs(layers: &[LayerInfo]) -> usize {
    let mut joined = Joined::<0>::NONE;
    joined.add_layers(layers, 0);
    joined.count
}

/// The runs of a network with these layers; neighbours of one kind are one run.
#[must_use]
pub const fn join_runs<const COUNT: usize>(layers: &[LayerInfo]) -> [Run; COUNT] {
    let mut joined = Joined::<COUNT>::NONE;
    joined.add_layers(layers, 0);
    joined.runs
}

/// Runs that are joined with their neighbours: all are counted, the first `COUNT` of them kept.
struct Joined<const COUNT: usize> {
    runs: [Run; COUNT],
    count: usize,
    last: Option<bool>,
}

impl<const COUNT: usize> Joined<COUNT> {
    const NONE: Self = Self { runs: [Run::trained(0, 0); COUNT], count: 0, last: None };

    const fn add_layers(&mut self, layers: &[LayerInfo], start: usize) {
        let mut i = 0;
        while i < layers.len() {
            let row = &layers[i];
            if !row.is_frozen {
                self.add_layers(row.inner, start + row.start);
                self.add_tensors(row.tensors, start + row.start);
            }
            i += 1;
        }
    }

    const fn add_tensors(&mut self, tensors: &[Tensor], mut start: usize) {
        let mut i = 0;
        while i < tensors.len() {
            let len = tensors[i].len();
            if len > 0 {
                self.add(Run { start, len, is_trained: !tensors[i].is_state });
            }
            start += len;
            i += 1;
        }
    }

    const fn add(&mut self, run: Run) {
        let is_joined = matches!(self.last, Some(last) if last == run.is_trained);
        if !is_joined {
            self.count += 1;
        }
        if self.count <= COUNT {
            if is_joined {
                self.runs[self.count - 1].len += run.len;
            } else {
                self.runs[self.count - 1] = run;
            }
        }
        self.last = Some(run.is_trained);
    }
}
