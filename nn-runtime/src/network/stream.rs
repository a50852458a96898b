//! Networks that work on a sequence one step at a time.

use core::slice::from_ref;

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use super::small::{MOST_PARAMETERS, enter};
use super::{Parameters, Row, Tile};
use crate::kernels::{Isa, Kernel, dispatch, dispatch_whole};
use crate::scalar::Scalar;
use crate::stack::{PREDICT_BYTES, STACK_BYTES, on_stack};

/// A network that can take a sequence step by step. `network!` implements it for every network on a sequence whose stages allow
/// it: `[steps, features]`, `[channels, length]`, `[steps]` of indices, or `[steps, ..]` with `each`.
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
    type State: Zeroable + Clone;

    /// Whether the output of a step may be returned by value.
    #[doc(hidden)]
    type StepFits;

    /// `false` where a stage of a type from elsewhere has no step; the name of the state is then a compile error.
    #[doc(hidden)]
    const CAN_STEP: bool = true;

    /// Everything that a block of `FRAMES` steps writes besides the state, and the frames that it takes.
    type BlockWorkspace<const FRAMES: usize>: Zeroable;

    /// Overwrites `output` with that for the next step, and changes the state. An index that is not below
    /// the [bound](super::Port::index_bound) reads as a vector of zeros.
    fn step_with<I: Isa>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        frame: &Tile<Self::Frame, 1>,
        state: &mut Self::State,
        output: &mut Tile<Self::FrameOutput, 1>,
    );

    /// Where [`step_block_with`](Self::step_block_with) takes its frames from: a row a step.
    fn frames_mut<const FRAMES: usize>(workspace: &mut Self::BlockWorkspace<FRAMES>) -> &mut Tile<Self::Frame, FRAMES>;

    /// Runs the next `FRAMES` steps at once, changes the state as they do, and returns their outputs, a row a step. An index that is
    /// not below the [bound](super::Port::index_bound) reads as a vector of zeros.
    fn step_block_with<'w, I: Isa, const FRAMES: usize>(
        &self,
        isa: I,
        frozen: &Self::Frozen,
        state: &mut Self::State,
        workspace: &'w mut Self::BlockWorkspace<FRAMES>,
    ) -> &'w Tile<Self::FrameOutput, FRAMES>;
}

/// A [`Layer`](super::Layer) of one's own on a sequence that can take it one step at a time, from `IN` features of a step to `OUT`.
///
/// A network with such layers works step by step, as every network on a sequence does whose stages allow it:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// layer! {
///     /// The sum of all steps so far, of 4 steps with 2 features.
///     struct Sum;
/// }
///
/// impl Layer<8, 8> for Sum {
///     type Cache<const BATCH: usize> = ();
///
///     fn forward<I: Isa, const BATCH: usize>(
///         &self,
///         _isa: I,
///         input: &SMatrix<f32, BATCH, 8>,
///         output: &mut SMatrix<f32, BATCH, 8>,
///         _cache: &mut (),
///         _pass: Pass,
///     ) {
///         output.copy_from(input);
///         for feature in 2..8 {
///             let before = output.column(feature - 2).into_owned();
///             output.column_mut(feature).add_assign(&before);
///         }
///     }
///
///     fn backward_input<I: Isa, const BATCH: usize>(
///         &self,
///         _isa: I,
///         input_then_grad: &mut SMatrix<f32, BATCH, 8>,
///         _cache: &mut (),
///         grad_output: &SMatrix<f32, BATCH, 8>,
///         _pass: Pass,
///     ) {
///         input_then_grad.copy_from(grad_output);
///         for feature in (2..8).rev() {
///             let after = input_then_grad.column(feature).into_owned();
///             input_then_grad.column_mut(feature - 2).add_assign(&after);
///         }
///     }
/// }
///
/// impl StreamingLayer<2, 2> for Sum {
///     type State = SVector<f32, 2>;
///
///     fn step<I: Isa>(
///         &self,
///         _isa: I,
///         frame: &SMatrix<f32, 1, 2>,
///         output: &mut SMatrix<f32, 1, 2>,
///         state: &mut SVector<f32, 2>,
///     ) {
///         *state += frame.transpose();
///         output.copy_from(&state.transpose());
///     }
/// }
///
/// network! { struct Net: [4, 2] -> [4, 3] { sum: Sum -> [4, 2], linear(3) } }
///
/// let network = Net::new(&mut rng(0));
/// let whole = network.predict(&[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
/// let mut state = NetState::ZERO;
/// let mut last = SVector::zeros();
/// for frame in [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]] {
///     last = network.step(&mut state, &frame);
/// }
/// assert_eq!(last.as_slice(), &whole.as_slice()[9..]);
/// # use std::ops::AddAssign as _;
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` has no step from {IN} features of type `{T}` to {OUT}")]
pub trait StreamingLayer<const IN: usize, const OUT: usize, T: Scalar = f32> {
    /// What is remembered between steps, all zeros before the first.
    type State: Zeroable + Clone;

    /// Overwrites `output` with what the layer makes of the next step, and changes the state.
    fn step<I: Isa>(&self, isa: I, frame: &SMatrix<T, 1, IN>, output: &mut SMatrix<T, 1, OUT>, state: &mut Self::State);

    /// Overwrites `output` with the outputs of the next `FRAMES` steps, one row each, and updates the state as `FRAMES` calls of
    /// [`step`](Self::step) would. A layer whose steps do not depend on each other can work on all of them at once, as its `forward`
    /// does on samples.
    #[inline(always)]
    fn step_block<I: Isa, const FRAMES: usize>(
        &self,
        isa: I,
        frames: &SMatrix<T, FRAMES, IN>,
        output: &mut SMatrix<T, FRAMES, OUT>,
        state: &mut Self::State,
    ) {
        let (mut frame, mut made) = (on_stack::<SMatrix<T, 1, IN>>(), on_stack::<SMatrix<T, 1, OUT>>());
        for step in 0..FRAMES {
            for (value, lane) in frame.iter_mut().zip(&frames.data.0) {
                *value = lane.get(step).copied().unwrap_or(T::ZERO);
            }
            self.step(isa, &frame, &mut made, state);
            for (lane, value) in output.data.0.iter_mut().zip(made.iter()) {
                if let Some(place) = lane.get_mut(step) {
                    *place = *value;
                }
            }
        }
    }
}

/// The output for the next step of a sequence as a vector; indices are checked.
#[inline]
pub(crate) fn checked<N: Streaming>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frame: &N::Frame,
) -> <N::Frame as Row>::Checked<<N::FrameOutput as Row>::Vector> {
    N::Frame::checked(from_ref(frame), N::INPUTS, || {
        let mut output = on_stack();
        step(network, frozen, state, frame, N::FrameOutput::of_vector(&mut output));
        output
    })
}

/// Overwrites `output` with that for the next step of a sequence, whose indices have been checked.
#[inline]
fn step<N: Streaming>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frame: &N::Frame,
    output: &mut N::FrameOutput,
) {
    struct Step<'a, N: Streaming> {
        network: &'a N,
        frozen: &'a N::Frozen,
        frame: &'a Tile<N::Frame, 1>,
        state: &'a mut N::State,
        output: &'a mut Tile<N::FrameOutput, 1>,
    }

    impl<N: Streaming> Kernel for Step<'_, N> {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            self.network.step_with(isa, self.frozen, self.frame, self.state, self.output);
        }
    }

    frame.with_tile(|frame| {
        output.with_tile_mut(|output| {
            let work = Step { network, frozen, frame, state, output };
            if const { size_of::<N>() <= MOST_PARAMETERS * size_of::<N::Scalar>() } {
                // one lane: the divisions of its activations count, which wide registers slow down
                dispatch_whole::<_, 1>(work);
            } else {
                dispatch(work);
            }
        });
    });
}

/// The outputs for the next steps of a sequence, in a workspace on the stack; indices are checked.
#[inline]
pub(crate) fn block<N: Streaming, const FRAMES: usize>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frames: &[N::Frame],
) -> <N::Frame as Row>::Checked<[N::FrameOutput; FRAMES]> {
    const {
        assert!(
            size_of::<N::BlockWorkspace<FRAMES>>() <= PREDICT_BYTES,
            "the workspace of this block is too large for `step_block`, which has it on the stack: write `step_block_in`, and hand it \
             the network's `BlockWorkspace`, which `boxed` builds; or take fewer steps at once"
        );
    }
    block_in(network, frozen, state, frames, &mut on_stack())
}

/// The same in a workspace of the caller's.
#[inline]
pub(crate) fn block_in<N: Streaming, const FRAMES: usize>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frames: &[N::Frame],
    workspace: &mut N::BlockWorkspace<FRAMES>,
) -> <N::Frame as Row>::Checked<[N::FrameOutput; FRAMES]> {
    const {
        assert!(FRAMES > 0, "a block has one step or more");
        assert!(
            size_of::<[N::FrameOutput; FRAMES]>() <= STACK_BYTES,
            "the outputs of this block are too large for the stack: take fewer steps at once"
        );
    }
    N::Frame::checked(frames, N::INPUTS, || {
        let mut outputs = on_stack();
        step_block(network, frozen, state, frames, workspace, &mut outputs);
        outputs
    })
}

/// Overwrites `outputs` with those for the next steps of a sequence, whose indices have been checked.
#[inline]
fn step_block<N: Streaming, const FRAMES: usize>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frames: &[N::Frame],
    workspace: &mut N::BlockWorkspace<FRAMES>,
    outputs: &mut [N::FrameOutput; FRAMES],
) {
    struct Block<'a, N: Streaming, const FRAMES: usize> {
        network: &'a N,
        frozen: &'a N::Frozen,
        state: &'a mut N::State,
        frames: &'a [N::Frame; FRAMES],
        workspace: &'a mut N::BlockWorkspace<FRAMES>,
        outputs: &'a mut [N::FrameOutput; FRAMES],
    }

    impl<N: Streaming, const FRAMES: usize> Kernel for Block<'_, N, FRAMES> {
        type Output = ();

        #[inline(always)]
        fn run<I: Isa>(self, isa: I) {
            let Self { network, frozen, state, frames, workspace, outputs } = self;
            N::Frame::fill(isa, &frames.each_ref(), N::frames_mut(workspace));
            let made = network.step_block_with(isa, frozen, state, workspace);
            for (step, output) in outputs.iter_mut().enumerate() {
                output.copy_from_tile(made, step);
            }
        }
    }

    if let Some(frames) = frames.first_chunk() {
        enter::<N, _, FRAMES>(Block { network, frozen, state, frames, workspace, outputs });
    }
}

/// A network that takes a step with a state of type `S`: its own, or of a network that cannot stream any that [`CannotStep`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot work step by step with the state `{S}`",
    note = "a network of `network!` works step by step if it takes a sequence and no stage needs a later step; the state is its own `State` type"
)]
pub trait StepsIn<S>: Parameters {
    /// One step of the input.
    type Frame: Row;
    /// What a step returns.
    type Made;
    /// Whether it may be returned by value.
    type StepFits;

    /// The output for the next step; indices are checked.
    fn step_in(&self, frozen: &Self::Frozen, state: &mut S, frame: &Self::Frame) -> Self::Made;
}

impl<P: Streaming> StepsIn<P::State> for P {
    type Frame = <P as Streaming>::Frame;
    type Made = <<P as Streaming>::Frame as Row>::Checked<<P::FrameOutput as Row>::Vector>;
    type StepFits = <P as Streaming>::StepFits;

    #[inline]
    fn step_in(&self, frozen: &P::Frozen, state: &mut P::State, frame: &<P as Streaming>::Frame) -> Self::Made {
        checked(self, frozen, state, frame)
    }
}

/// A state with which network `P` [takes a step](StepsIn). A bound on the state and not on the network, as the compiler says of a
/// method without the latter only that it has bounds.
#[doc(hidden)]
pub trait StateOf<P: Parameters> {
    /// One step of the input.
    type Frame: Row;
    /// What a step returns.
    type Output;
    /// Whether it may be returned by value.
    type StepFits;

    /// The output for the next step; indices are checked.
    fn step(&mut self, network: &P, frozen: &P::Frozen, frame: &Self::Frame) -> Self::Output;
}

impl<P: StepsIn<S>, S> StateOf<P> for S {
    type Frame = P::Frame;
    type Output = P::Made;
    type StepFits = P::StepFits;

    #[inline]
    fn step(&mut self, network: &P, frozen: &P::Frozen, frame: &P::Frame) -> P::Made {
        network.step_in(frozen, self, frame)
    }
}

/// Bound on the state in `step` of a network that cannot stream. No type implements it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this network cannot work step by step",
    label = "this is not the state of the network",
    note = "the network's `State` type is an error that says why"
)]
pub trait CannotStep {
    /// One step of the input.
    type Frame: Row;
    /// The output.
    type Output;

    /// The output of a step.
    fn none() -> Self::Output;
}
