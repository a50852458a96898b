//! The traits that everything depends on.
//!
//! - A [`Row`] is the values of one sample, a [`Tile`] those of many.
//! - [`Architecture`] has the types of a network's samples, its shapes and its table of layers.
//! - [`Predict`] is a network that can be run, [`Network`] one that can be trained: bounds for code that takes any network.
//! - [`Parameters`] is what `network!` writes: a struct of plain old data with its passes. A network without frozen stages is its
//!   parameters; one with frozen stages is passed [`WithFrozen`] parameters.
//! - A [`Layer`] is what a user writes.

#[doc(hidden)]
pub mod fits;
mod architecture;
pub(crate) mod differentiable;
pub(crate) mod ending;
mod frozen;
mod layer;
pub(crate) mod layer_parameters;
mod parameters;
mod place;
mod port;
pub(crate) mod predict;
mod row;
pub(crate) mod runs;
mod sample;
pub(crate) mod small;
#[doc(hidden)]
pub mod stage;
pub(crate) mod stages;
pub(crate) mod stream;
pub(crate) mod table;
pub(crate) mod tensors;
mod through;
mod train;
pub(crate) mod watch;

pub use architecture::Architecture;
pub use differentiable::{Differentiable, GradientError, OutputError};
#[doc(hidden)]
pub use frozen::Is;
pub use frozen::{ToChange, WithFrozen};
pub use layer::Layer;
pub use layer_parameters::{LayerField, LayerParameters, NoParameters};
pub use parameters::Parameters;
pub(crate) use parameters::{flat, flat_mut};
pub use place::{Name, Place};
pub use port::{Column, Port};
pub use predict::{Predict, PredictAs, PredictSample};
pub use row::{OutputRow, Row, Tile};
pub use runs::Run;
pub use sample::{Sample, Samples};
pub use stages::StageError;
#[doc(hidden)]
pub use stream::{CannotStep, StateOf, StepsIn};
pub use stream::{Streaming, StreamingLayer};
pub use table::{LayerInfo, OptionValue, Summary};
pub use tensors::{NamedTensor, Tensor, TensorView, TensorViewMut, TensorViews, TensorViewsMut, Tensors, tensors};
pub use train::{Frozen, Network, Parts, PartsMut, Restore, Trainable};
pub use watch::StageName;

pub use crate::scalar::IndexError;

/// What a pass through a network needs to know besides its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Whether dropout drops and batch normalisation uses the statistics of the batch.
    pub training: bool,
    /// The seed of this pass: the same seed gives the same dropout masks.
    pub seed: u64,
    /// The position, in the mini-batch, of this tile's first row.
    pub first_row: u32,
    /// How many rows of this tile are samples; those after them are padding.
    pub rows: u32,
}

impl Pass {
    /// A training pass over a tile of which all `rows` are samples, the first of a mini-batch.
    #[must_use]
    pub const fn training(seed: u64, rows: u32) -> Self {
        Self { training: true, seed, first_row: 0, rows }
    }

    /// A pass in evaluation mode over a tile of which all `rows` are samples.
    #[must_use]
    pub const fn inference(rows: u32) -> Self {
        Self { training: false, seed: 0, first_row: 0, rows }
    }

    /// The same pass in evaluation mode, as a frozen stage sees it.
    #[must_use]
    pub const fn evaluation(self) -> Self {
        Self { training: false, ..self }
    }

    /// The same pass as the stage number `stage` of a network sees it: with random numbers of its own.
    #[must_use]
    pub const fn stage(self, stage: u64) -> Self {
        Self { seed: mix(self.seed ^ mix(stage.wrapping_add(1))), ..self }
    }
}

/// The output function of `SplitMix64` (Steele, Lea and Flood, 2014): each input bit changes about half of the output bits.
#[must_use]
pub const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
