//! Networks that work on a sequence one step at a time.

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use super::small::MOST_PARAMETERS;
use super::{Parameters, Row, Tile};
use crate::kernels::{Isa, Kernel, dispatch, dispatch_whole};
use crate::scalar::Scalar;
use crate::stack::on_stack;

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
    type State: Zeroable + Clone;

    /// Whether the output of a step may be returned by value.
    #[doc(hidden)]
    type StepFits;

    /// `false` where a stage of a type from elsewhere has no step; the name of the state is then a compile error.
    #[doc(hidden)]
    const CAN_STEP: bool = true;

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
}

/// The output for the next step of a sequence as a vector; indices are checked.
#[inline]
pub(crate) fn checked<N: Streaming>(
    network: &N,
    frozen: &N::Frozen,
    state: &mut N::State,
    frame: &N::Frame,
) -> <N::Frame as Row>::Checked<<N::FrameOutput as Row>::Vector> {
    frame.checked(N::INPUTS, || {
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
