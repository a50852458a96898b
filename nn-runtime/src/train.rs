//! Training and evaluation.
//!
//! [`fit`] is the whole loop: epochs, shuffling, mini-batches, validation. [`Training`] is one step of it, for loops of
//! one's own and for machines without an allocator; [`Evaluator`] is the same for evaluation.
//!
//! A mini-batch of any size is processed in tiles of `BATCH` rows, whose gradients are added up; a tile's rows past the
//! last sample hold copies of a sample and get no gradient. The loss and the gradient are the mean over the samples.
//! Only a network with a layer that takes statistics over the mini-batch needs it to be one tile.
//!
//! Nothing that is not finite passes without a word. Inputs and options are checked before anything is computed; the loss, the
//! network and the gradient between the backward pass and the update, so that a step that is refused changes nothing; the
//! parameters after the update. Evaluation refuses outputs that are NaN and losses that are not finite, and names the sample.
//!
//! Samples, weights and losses are counted and summed in `u64` and `f64`, whatever the network computes in.
//!
//! Nothing here depends on anything but its arguments: the same seed gives the same bits.

mod error;
#[cfg(feature = "alloc")]
mod evaluate;
mod evaluator;
#[cfg(feature = "alloc")]
mod fit;
mod samples;
mod step;
mod training;

use core::fmt;

pub use error::{SampleError, TrainError};
#[cfg(feature = "alloc")]
pub use evaluate::{confusion_matrix, evaluate, predict_batch};
pub use evaluator::{Evaluation, Evaluator, Report, ReportOf};
#[cfg(feature = "alloc")]
pub use fit::{Epoch, Fit, fit};
pub use training::Training;

/// A loss for people: four digits behind the point, or as many that count.
struct Figure(f64);

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value) = *self;
        if value == 0.0 || value.abs() >= 0.001 { write!(f, "{value:.4}") } else { write!(f, "{value:.2e}") }
    }
}
