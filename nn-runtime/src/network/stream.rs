//! Networks that work on a sequence one step at a time.

use bytemuck::{Pod, Zeroable};
use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::scalar::{Element, Scalar};

/// A network that can take a sequence step by step, from `IN` features of a step to `OUT`. `network!` implements it for
/// every network on a sequence whose stages allow it: `[steps, features]`, `[channels, length]`, or `[steps]` of indices.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot work step by step",
    note = "a network of `network!` does if it takes a sequence and no stage needs a later step"
)]
pub trait Streaming<const IN: usize, const OUT: usize>: Pod {
    /// The floating-point type of the output.
    type Scalar: Scalar;
    /// The type of a value of a frame: the scalar, or an index type.
    type Input: Element;
    /// The parameters of the stages marked `#[frozen]`; `()` if there are none.
    type Frozen: Pod;
    /// What is remembered between steps, all zeros before the first.
    type State: Zeroable;

    /// For frames of indices: the number of rows of the embedding, which every index must be below.
    const INDEX_BOUND: Option<usize> = None;

    /// The output for the next step; changes the state. An index that is not below
    /// [`INDEX_BOUND`](Self::INDEX_BOUND) reads as a vector of zeros.
    fn step_with<I: Isa>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        frame: &SMatrix<Self::Input, 1, IN>,
        state: &mut Self::State,
    ) -> SMatrix<Self::Scalar, 1, OUT>;
}

/// Bound on the state in `step` of a network that cannot stream. No type implements it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this network cannot work step by step",
    label = "this is not the state of the network",
    note = "the network's `State` type is an error that says why"
)]
pub trait CannotStep {
    /// The output.
    type Output;

    /// The output of a step.
    fn none() -> Self::Output;
}
