//! Training and evaluation.
//!
//! [`Fit`] is the whole run: epochs, shuffling, mini-batches, schedules, validation, early stopping, checkpoints, threads, progress and logs, each
//! of which can be left out. [`Training`] is one step of it, for loops of one's own and for machines without an allocator;
//! [`Evaluator`] is the same for evaluation.
//!
//! A mini-batch of any size is processed in tiles of `BATCH` rows, whose gradients are added up; a tile's rows past the
//! last sample hold copies of a sample and get no gradient. The loss and the gradient are the mean over the samples.
//! Only a network with a layer that takes statistics over the mini-batch needs it to be one tile.
//!
//! Values that are not finite are never ignored. Inputs and options are checked before anything is computed; the loss, the
//! network and the gradient between the backward pass and the update, so that a step that is refused changes nothing; the
//! parameters after the update. Evaluation refuses outputs that are NaN and losses that are not finite, and names the sample.
//!
//! Samples, weights and losses are counted and summed in `u64` and `f64`, whatever the network computes in.
//!
//! Results depend on the arguments alone: the same seed gives the same bits, on any number of [threads](Fit::threads), and also where a
//! run was stopped and resumed from a [`Checkpoint`].

mod average;
#[cfg(all(feature = "std", feature = "safetensors"))]
mod checkpoint;
mod diagnosis;
mod early_stopping;
mod error;
#[cfg(feature = "alloc")]
mod evaluate;
mod evaluator;
#[cfg(feature = "alloc")]
mod fit;
#[cfg(feature = "alloc")]
mod history;
mod memory;
#[cfg(feature = "std")]
mod observe;
mod order;
#[cfg(feature = "alloc")]
mod record;
#[cfg(feature = "alloc")]
mod report;
mod samples;
mod step;
#[cfg(feature = "threads")]
mod threads;
mod training;

use core::fmt;

pub use average::Average;
#[cfg(all(feature = "std", feature = "safetensors"))]
pub use checkpoint::{Checkpoint, CheckpointError};
pub use early_stopping::EarlyStopping;
pub use error::{SampleError, TrainError};
#[cfg(feature = "alloc")]
pub use evaluate::{confusion_matrix, evaluate, measure, predict_batch};
pub use evaluator::{Evaluation, Evaluator, Report, ReportOf};
#[cfg(feature = "alloc")]
pub use fit::{AfterEpoch, AfterStep, Epoch, Fit, FitError, Flow, LrCurve, LrFinder};
#[cfg(feature = "alloc")]
pub use history::{Column, History};
#[cfg(feature = "std")]
pub use observe::LogError;
#[cfg(feature = "ctrl_c")]
pub use observe::ctrl_c;
pub use order::shuffle;
#[cfg(feature = "alloc")]
pub use order::shuffled;
#[cfg(feature = "alloc")]
pub use report::{Ended, FitReport};
#[cfg(feature = "threads")]
pub use threads::{Threads, ThreadsError, Workers};
pub use training::Training;

/// A loss for people: four digits behind the point, or as many that count.
struct Figure(f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        if value == 0.0 || value.abs() >= 0.001 { write!(f, "{value:.4}") } else { write!(f, "{value:.2e}") }
    }
}
