//! Networks that work on a sequence one step at a time.

use bytemuck::Zeroable;

use super::small::MOST_PARAMETERS;
use super::{Parameters, Row, Tile};
use crate::kernels::{Isa, Kernel, dispatch, dispatch_whole};

/// A network that can take a sequence step by step. `network!` implements it for every network on a sequence whose stages allow
/// it: `[steps, features]`, `[channels, length]`, or `[steps]` of indices.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot work step by step",
    note = "a network of `network!` does if it takes a sequence and no stage needs a later step"
)]
pub trait Streaming: Parameters {
    /// The values of one step of the input.
    type Frame: Row;
    /// The values of one step of the output.
    type FrameOutput: Row;
    /// What is remembered between steps, all zeros before the first.
    type State: Zeroable;

    /// The output for the next step; changes the state. An index that is not below
    /// [`INDEX_BOUND`](Parameters::INDEX_BOUND) reads as a vector of zeros.
    fn step_with<I: Isa>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        frame: &Tile<Self::Frame, 1>,
        state: &mut Self::State,
    ) -> Self::FrameOutput;
}

/// The output for the next step of a sequence, whose indices have been checked.
#[inline]
pub(crate) fn step<N: Streaming>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frame: &N::Frame,
) -> N::FrameOutput {
    struct Step<'a, N: Streaming> {
        network: &'a N,
        frozen: &'a N::Frozen,
        frame: &'a Tile<N::Frame, 1>,
        state: &'a mut N::State,
    }

    impl<N: Streaming> Kernel for Step<'_, N> {
        type Output = N::FrameOutput;

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) -> Self::Output {
            self.network.step_with(isa, self.frozen, self.frame, self.state)
        }
    }

    frame.with_tile(|frame| {
        let work = Step { network, frozen, frame, state };
        if const { size_of::<N>() <= MOST_PARAMETERS * size_of::<N::Scalar>() } {
            // one lane: the divisions of its activations count, which wide registers slow down
            dispatch_whole::<_, 1>(work)
        } else {
            dispatch(work)
        }
    })
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
