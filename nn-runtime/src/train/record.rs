//! What is told of a run while it goes on.

use alloc::string::String;

/// What a run is going to do.
#[cfg_attr(not(feature = "progress"), allow(dead_code, reason = "it depends on who watches"))]
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The number of samples that are seen in an epoch.
    pub samples: usize,
    /// The number of updates in an epoch.
    pub steps_per_epoch: u64,
    /// The number of epochs.
    pub epochs: usize,
    /// The column of the history that decides which epoch is the best.
    pub monitor: String,
}

/// What is known after a step.
#[cfg_attr(
    not(all(feature = "progress", feature = "tensorboard")),
    allow(dead_code, reason = "it depends on who watches")
)]
#[derive(Clone, Copy, Debug)]
pub(super) struct StepRecord {
    /// The epoch, from 1.
    pub epoch: usize,
    /// The number of updates since the beginning of the run.
    pub step: u64,
    /// The number of updates in this epoch.
    pub step_of_epoch: u64,
    /// The number of this epoch's samples that have been seen.
    pub samples: usize,
    /// The mean loss over the step's samples.
    pub loss: f64,
    /// The learning rate of the step.
    pub lr: f64,
}
