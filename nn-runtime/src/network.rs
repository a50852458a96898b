//! The traits that everything depends on: a [`Network`] is what `network!` writes, a [`Layer`] what a user writes.

#[doc(hidden)]
pub mod fits;
mod index;
mod layer;
mod place;
pub(crate) mod runs;
mod sample;
pub(crate) mod small;
pub(crate) mod stages;
mod stream;
pub(crate) mod table;
pub(crate) mod tensors;

pub use index::IndexError;
pub use layer::Layer;
pub use place::{Name, Place};
pub use runs::Run;
pub use sample::Sample;
pub use stages::StageError;
#[doc(hidden)]
pub use stream::CannotStep;
pub use stream::Streaming;
pub use table::{LayerInfo, OptionValue, Summary};
pub use tensors::{NamedTensor, Tensor, TensorView, TensorViewMut, Tensors, tensors};

use bytemuck::{Pod, Zeroable};
use nalgebra::SMatrix;
use rand_core::Rng;

use crate::kernels::Isa;
use crate::loss::needs::Fulfils;
use crate::scalar::{Element, Scalar};

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

/// A neural network from `IN` inputs to `OUT` outputs. `network!` implements it.
///
/// A value of the type is the network's trainable parameters and running statistics, plain old data; so the gradient of a
/// network has the network's own type. Batches are matrices with one row a sample and one column a feature; a `BATCH` of
/// rows is worked on at once, a *tile* of a mini-batch.
///
/// The functions ending in `_with` are what training loops are made of; they take the machine level that
/// [`dispatch`](crate::kernels::dispatch) found. A training step calls, in this order, [`forward_with`](Self::forward_with),
/// [`output_then_grad`](Self::output_then_grad), [`backward_with`](Self::backward_with) and, if the gradient of the
/// input is wanted, [`backward_input_with`](Self::backward_input_with), all with the same workspace.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network from {IN} inputs to {OUT} outputs",
    note = "declare it with `network!`; pass a boxed one as `&*network` or `&mut *network`"
)]
pub trait Network<const IN: usize, const OUT: usize>: Pod {
    /// The floating-point type of parameters, activations and gradients.
    type Scalar: Scalar;
    /// The type of an input value: the scalar, or an index type.
    type Input: Element;
    /// The parameters of the stages marked `#[frozen]`; `()` if there are none.
    type Frozen: Pod;
    /// What the output is, for the [needs](crate::loss::needs) of losses.
    type Ending: Fulfils<()>;
    /// Everything that a forward and a backward pass write, for tiles of `BATCH` rows.
    type Workspace<const BATCH: usize>: Zeroable;
    /// Everything that a forward pass in evaluation mode writes, for tiles of `BATCH` rows.
    type InferenceWorkspace<const BATCH: usize>: Zeroable;

    /// Which ranges of the flat slice are trained and which are running statistics, in order and without gaps.
    const RUNS: &'static [Run];
    /// The table of layers, frozen ones included.
    const LAYERS: &'static [LayerInfo];
    /// The input's shape; `IN` is its product.
    const INPUT_SHAPE: &'static [usize];
    /// The output's shape; `OUT` is its product.
    const OUTPUT_SHAPE: &'static [usize];
    /// For index inputs: the number of rows of the embedding, which every index must be below.
    const INDEX_BOUND: Option<usize> = None;
    /// Whether a layer takes statistics over the batch, so that a mini-batch must be one tile.
    const NEEDS_WHOLE_BATCH: bool = false;
    /// Whether a mini-batch needs two samples or more: where batch normalisation gets a single value of each channel from a
    /// sample, which has no variance.
    const NEEDS_SEVERAL_SAMPLES: bool = false;
    /// Whether [`backward_input_with`](Self::backward_input_with) can be asked for the gradient of the input: not for index
    /// inputs, nor for a network with frozen stages, which keep nothing for it.
    const HAS_INPUT_GRADIENT: bool = true;

    /// Draws new parameters as PyTorch does by default, in place.
    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R);

    /// Draws new frozen parameters as PyTorch does by default, in place.
    fn init_frozen<R: Rng + ?Sized>(_frozen: &mut Self::Frozen, _rng: &mut R) {}

    /// Runs the network on a tile, keeping what the backward pass needs.
    ///
    /// Indices in `input` must be below [`INDEX_BOUND`](Self::INDEX_BOUND): one that is not reads as a vector of zeros.
    fn forward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &SMatrix<Self::Input, BATCH, IN>,
        workspace: &mut Self::Workspace<BATCH>,
        pass: Pass,
    );

    /// The output that [`forward_with`](Self::forward_with) computed, to be overwritten with the gradient of the loss
    /// with respect to it.
    fn output_then_grad<const BATCH: usize>(
        workspace: &mut Self::Workspace<BATCH>,
    ) -> &mut SMatrix<Self::Scalar, BATCH, OUT>;

    /// Adds the gradient of every trainable parameter to `gradient`, and the change of every running statistic.
    fn backward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &SMatrix<Self::Input, BATCH, IN>,
        workspace: &mut Self::Workspace<BATCH>,
        gradient: &mut Self,
        pass: Pass,
    );

    /// Overwrites the input with the gradient of the loss with respect to it, after [`backward_with`](Self::backward_with).
    ///
    /// Leaves the input as it is if the network has no [input gradient](Self::HAS_INPUT_GRADIENT).
    fn backward_input_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input_then_grad: &mut SMatrix<Self::Input, BATCH, IN>,
        workspace: &mut Self::Workspace<BATCH>,
        pass: Pass,
    );

    /// Runs the network on a tile in evaluation mode and returns the output, which stands in the workspace.
    ///
    /// Indices in `input` must be below [`INDEX_BOUND`](Self::INDEX_BOUND): one that is not reads as a vector of zeros.
    fn infer_with<'w, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &SMatrix<Self::Input, BATCH, IN>,
        workspace: &'w mut Self::InferenceWorkspace<BATCH>,
    ) -> &'w SMatrix<Self::Scalar, BATCH, OUT>;

    /// Checks that every value of an index input is below [`INDEX_BOUND`](Self::INDEX_BOUND). Numbers are always right.
    ///
    /// # Errors
    /// The first index that is out of range.
    fn check_indices(input: &[Self::Input]) -> Result<(), IndexError> {
        IndexError::check(input, Self::INDEX_BOUND)
    }

    /// All parameters and running statistics by PyTorch's names, frozen ones included, in the order of PyTorch's `state_dict`.
    fn state_dict<'a>(&'a self, frozen: &'a Self::Frozen) -> impl Iterator<Item = TensorView<'a, Self::Scalar>> {
        tensors::views(Self::LAYERS, self.as_slice(), flat(frozen))
    }

    /// The same, to be written.
    fn state_dict_mut<'a>(
        &'a mut self,
        frozen: &'a mut Self::Frozen,
    ) -> impl Iterator<Item = TensorViewMut<'a, Self::Scalar>> {
        tensors::views_mut(Self::LAYERS, self.as_mut_slice(), flat_mut(frozen))
    }

    /// The parameters and running statistics as one slice, in the order of the stages, each matrix column by column.
    fn as_slice(&self) -> &[Self::Scalar] {
        flat(self)
    }

    /// The parameters and running statistics as one mutable slice.
    fn as_mut_slice(&mut self) -> &mut [Self::Scalar] {
        flat_mut(self)
    }
}

/// Parameters as one slice.
pub(crate) fn flat<P: Pod, T: Scalar>(parameters: &P) -> &[T] {
    bytemuck::try_cast_slice(bytemuck::bytes_of(parameters)).unwrap_or_default()
}

/// Parameters as one mutable slice.
pub(crate) fn flat_mut<P: Pod, T: Scalar>(parameters: &mut P) -> &mut [T] {
    bytemuck::try_cast_slice_mut(bytemuck::bytes_of_mut(parameters)).unwrap_or_default()
}
