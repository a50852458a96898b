//! Which ranges of a network's flat slice are trained, and which are running statistics.

use super::table::LayerInfo;

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
    let (mut count, mut last) = (0, None);
    let mut layer = 0;
    while layer < layers.len() {
        let mut part = 0;
        while part < layers[layer].parts() {
            let Run { len, is_trained, .. } = layers[layer].part(part);
            if len > 0 {
                count += match last {
                    Some(last) if last == is_trained => 0,
                    _ => 1,
                };
                last = Some(is_trained);
            }
            part += 1;
        }
        layer += 1;
    }
    count
}

/// The runs of a network with these layers; neighbours of one kind are one run.
#[must_use]
pub const fn join_runs<const COUNT: usize>(layers: &[LayerInfo]) -> [Run; COUNT] {
    let mut runs = [Run { start: 0, len: 0, is_trained: true }; COUNT];
    let mut count = 0;
    let mut layer = 0;
    while layer < layers.len() {
        let mut part = 0;
        while part < layers[layer].parts() {
            let Run { start, len, is_trained } = layers[layer].part(part);
            if len > 0 {
                if count > 0 && runs[count - 1].is_trained == is_trained {
                    runs[count - 1].len += len;
                } else {
                    runs[count] = Run { start: layers[layer].start + start, len, is_trained };
                    count += 1;
                }
            }
            part += 1;
        }
        layer += 1;
    }
    runs
}

/// The number of scalars in the runs of one kind.
pub(super) const fn scalars(runs: &[Run], is_trained: bool) -> usize {
    let mut sum = 0;
    let mut i = 0;
    while i < runs.len() {
        if runs[i].is_trained == is_trained {
            sum += runs[i].len;
        }
        i += 1;
    }
    sum
}
