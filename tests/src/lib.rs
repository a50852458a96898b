//! What the tests of both crates share.
//!
//! - [`Case`] and [`Tensor`]: the golden files in `tests/golden`, what PyTorch computes.
//! - [`load`], [`tensors_of`]: a network's parameters by the names of a golden file.
//! - [`Step`]: a forward and backward pass over a batch of any size, in tiles.
//! - [`check_saved`]: a network in JSON and in a binary format, and back.
//! - [`check_blocks`]: a sequence in blocks of steps, against single steps.
//! - [`train`], [`check_run`]: training steps on one mini-batch, and their golden values.
//! - [`fill_network`], [`assert_digests`]: the parameters of whole networks, and digests of what is large.
//! - [`golden_layer!`]: a golden file of one layer as a test, in three lines.
//! - [`onnx_layer!`], [`onnx_losses!`], [`onnx_optimizer!`]: node tests of ONNX, each case a test.
//! - [`assert_close`]: with the worst entry in its message.

mod blocks;
mod case;
mod check;
mod close;
mod networks;
mod onnx;
mod parameters;
mod saved;
mod step;
mod training;

pub use blocks::check_blocks;
pub use case::{Case, Tensor, digest, pattern};
pub use check::{Golden, check_layer, check_statistics};
pub use close::{Precision, assert_close};
pub use networks::{assert_digest, assert_digests, fill_network};
pub use onnx::{
    Reduction, check_inference, check_loss, check_optimizer, check_training, class_weights, ignore_index, onnx_case,
};
pub use parameters::{load, rows_of, tensors_of, values_of};
pub use saved::check_saved;
pub use step::{Outcome, Step, Value, Values, fill, forward, rows_in};
pub use training::{Run, check_run, train};
