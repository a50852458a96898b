//! What `network!` writes.

use bytemuck::{Pod, Zeroable};
use rand_core::Rng;

use super::{Pass, Run, Tile, Trainable};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// The parameters of a network that are trained and its running statistics, with its passes. `network!` implements it for the
/// struct that it writes.
///
/// A value of the type is plain old data; so the gradient of a network has the network's own type. A `BATCH` of rows is worked on
/// at once, a [tile](super::Row::Tile) of a mini-batch. Frozen parameters are a struct of their own, which each pass takes.
///
/// The functions ending in `_with` are what training loops are made of; they take the machine level that
/// [`dispatch`](crate::kernels::dispatch) found. A training step calls, in this order, [`forward_with`](Self::forward_with),
/// [`output_then_grad`](Self::output_then_grad), [`backward_with`](Self::backward_with) and, if the gradient of the
/// input is wanted, [`backward_input_with`](Self::backward_input_with), all with the same workspace.
///
/// Code for any network takes a [`Network`](super::Network) or a [`Predict`](super::Predict), whose
/// [parameters](super::Trainable::Parameters) are of this trait.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a network", note = "declare it with `network!`")]
pub trait Parameters: Pod + Send + Sync + Trainable<Parameters = Self> {
    /// The parameters of the stages marked `#[frozen]`; `()` if there are none.
    type Frozen: Pod + Send + Sync;
    /// Everything that a forward and a backward pass write, for tiles of `BATCH` rows.
    type Workspace<const BATCH: usize>: Zeroable + Send;
    /// Whether [`Scratch`](super::Architecture::Scratch) for one sample fits the stack of `predict`.
    #[doc(hidden)]
    type PredictFits;
    /// Whether an output may be returned by value.
    #[doc(hidden)]
    type OutputFits;

    /// The network's name.
    const NAME: &'static str;
    /// Which ranges of the flat slice are trained and which are running statistics, in order and without gaps.
    const RUNS: &'static [Run];
    /// Whether a layer takes statistics over the batch, so that a mini-batch must be one tile.
    const NEEDS_WHOLE_BATCH: bool = false;
    /// Whether a mini-batch needs two samples or more: where batch normalisation gets a single value of each channel from a
    /// sample, which has no variance.
    const NEEDS_SEVERAL_SAMPLES: bool = false;
    /// Whether [`backward_input_with`](Self::backward_input_with) computes the gradient of the input: not for inputs of indices.
    const HAS_INPUT_GRADIENT: bool = true;

    /// Draws new parameters as PyTorch does by default, in place.
    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R);

    /// Draws new frozen parameters as PyTorch does by default, in place.
    fn init_frozen<R: Rng + ?Sized>(_frozen: &mut Self::Frozen, _rng: &mut R) {}

    /// Runs the network on a tile, keeping what the backward pass needs.
    ///
    /// Indices in `input` must be below the [bound](super::Port::index_bound): one that is not reads as a vector of zeros.
    fn forward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &Tile<Self::Input, BATCH>,
        workspace: &mut Self::Workspace<BATCH>,
        pass: Pass,
    );

    /// The output that [`forward_with`](Self::forward_with) computed, to be overwritten with the gradient of the loss
    /// with respect to it.
    fn output_then_grad<const BATCH: usize>(workspace: &mut Self::Workspace<BATCH>) -> &mut Tile<Self::Output, BATCH>;

    /// Adds the gradient of every trainable parameter to `gradient`, and the change of every running statistic.
    fn backward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &Tile<Self::Input, BATCH>,
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
        input_then_grad: &mut Tile<Self::Input, BATCH>,
        workspace: &mut Self::Workspace<BATCH>,
        pass: Pass,
    );

    /// Runs the network on a tile in evaluation mode and returns the output, which stands in `scratch`.
    ///
    /// Indices in `input` must be below the [bound](super::Port::index_bound): one that is not reads as a vector of zeros.
    fn infer_with<'s, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        input: &Tile<Self::Input, BATCH>,
        scratch: &'s mut Self::Scratch<BATCH>,
    ) -> &'s Tile<Self::Output, BATCH>;
}

/// Parameters as one slice.
pub(crate) fn flat<P: Pod, T: Scalar>(parameters: &P) -> &[T] {
    bytemuck::try_cast_slice(bytemuck::bytes_of(parameters)).unwrap_or_default()
}

/// Parameters as one mutable slice.
pub(crate) fn flat_mut<P: Pod, T: Scalar>(parameters: &mut P) -> &mut [T] {
    bytemuck::try_cast_slice_mut(bytemuck::bytes_of_mut(parameters)).unwrap_or_default()
}
