//! Stages whose type is from outside of the network, on one step of a sequence.

use core::marker::PhantomData;

use bytemuck::{Pod, Zeroable};
use nalgebra::SMatrix;

use crate::kernels::Isa;
use crate::network::fits::text::fail;
use crate::network::{Parameters, Row, Streaming, StreamingLayer, Tile};
use crate::scalar::Scalar;

/// How a type works on one step.
#[derive(Debug)]
pub struct Steps<Type: ?Sized, const KIND: u8>(PhantomData<Type>);

/// A layer of a user's own that works step by step.
pub const LAYER: u8 = 0;
/// A network that works step by step.
pub const NETWORK: u8 = 1;
/// A layer of a user's own that does not.
pub const NO_LAYER: u8 = 2;
/// A network that does not.
pub const NO_NETWORK: u8 = 3;

impl<Type: ?Sized, const KIND: u8> Steps<Type, KIND> {
    /// How it works.
    pub const KIND: u8 = KIND;
}

/// What an expansion calls for a stage in a step of a sequence.
pub trait StageStep<Frame: Row, Output: Row> {
    /// The parameters.
    type Value;
    /// The parameters that are frozen inside of a network.
    type Frozen: Pod;
    /// What is remembered between steps.
    type State: Zeroable + Clone;
    /// What a block of steps writes besides its outputs and the state.
    type BlockWorkspace<const FRAMES: usize>: Zeroable;

    /// Overwrites `output`, and changes the state.
    fn step<I: Isa>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        frame: &Tile<Frame, 1>,
        output: &mut Tile<Output, 1>,
        state: &mut Self::State,
    );

    /// Overwrites `output` with what as many steps make, and changes the state as they do.
    fn step_block<I: Isa, const FRAMES: usize>(
        value: &Self::Value,
        frozen: &Self::Frozen,
        isa: I,
        frames: &Tile<Frame, FRAMES>,
        output: &mut Tile<Output, FRAMES>,
        state: &mut Self::State,
        workspace: &mut Self::BlockWorkspace<FRAMES>,
    );
}

impl<L, T: Scalar, const IN: usize, const OUT: usize> StageStep<[T; IN], [T; OUT]> for Steps<L, LAYER>
where
    L: StreamingLayer<IN, OUT, T>,
{
    type Value = L;
    type Frozen = ();
    type State = L::State;
    type BlockWorkspace<const FRAMES: usize> = ();

    #[inline(always)]
    fn step<I: Isa>(
        value: &L,
        _frozen: &(),
        isa: I,
        frame: &SMatrix<T, 1, IN>,
        output: &mut SMatrix<T, 1, OUT>,
        state: &mut L::State,
    ) {
        value.step(isa, frame, output, state);
    }

    #[inline(always)]
    fn step_block<I: Isa, const FRAMES: usize>(
        value: &L,
        _frozen: &(),
        isa: I,
        frames: &SMatrix<T, FRAMES, IN>,
        output: &mut SMatrix<T, FRAMES, OUT>,
        state: &mut L::State,
        _workspace: &mut (),
    ) {
        value.step_block(isa, frames, output, state);
    }
}

impl<P: Streaming> StageStep<P::Frame, P::FrameOutput> for Steps<P, NETWORK> {
    type Value = P;
    type Frozen = P::Frozen;
    type State = P::State;
    type BlockWorkspace<const FRAMES: usize> = P::BlockWorkspace<FRAMES>;

    #[inline(always)]
    fn step<I: Isa>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        frame: &Tile<P::Frame, 1>,
        output: &mut Tile<P::FrameOutput, 1>,
        state: &mut P::State,
    ) {
        value.step_with(isa, frozen, frame, state, output);
    }

    #[inline(always)]
    fn step_block<I: Isa, const FRAMES: usize>(
        value: &P,
        frozen: &P::Frozen,
        isa: I,
        frames: &Tile<P::Frame, FRAMES>,
        output: &mut Tile<P::FrameOutput, FRAMES>,
        state: &mut P::State,
        workspace: &mut P::BlockWorkspace<FRAMES>,
    ) {
        P::Frame::copy_tile(frames, P::frames_mut(workspace));
        P::FrameOutput::copy_tile(value.step_block_with(isa, frozen, state, workspace), output);
    }
}

/// Fails to compile where the step of a stage without one is instantiated.
macro_rules! implement_none {
    ($kind:ident, $type:ident $(: $bound:ident)?, $frozen:ty) => {
        impl<$type $(: $bound)?, F: Row, O: Row> StageStep<F, O> for Steps<$type, $kind> {
            type Value = $type;
            type Frozen = $frozen;
            type State = ();
            type BlockWorkspace<const FRAMES: usize> = ();

            fn step<I: Isa>(_: &$type, _: &$frozen, _: I, _: &Tile<F, 1>, _: &mut Tile<O, 1>, _: &mut ()) {
                const { panic!("a stage of this network does not work step by step") }
            }

            fn step_block<I: Isa, const FRAMES: usize>(
                _: &$type,
                _: &$frozen,
                _: I,
                _: &Tile<F, FRAMES>,
                _: &mut Tile<O, FRAMES>,
                _: &mut (),
                _: &mut (),
            ) {
                const { panic!("a stage of this network does not work step by step") }
            }
        }
    };
}

implement_none!(NO_LAYER, L, ());
implement_none!(NO_NETWORK, P: Parameters, P::Frozen);

/// What is known of a type on frames of `IN` values to `OUT`. Its own const is preferred to that of [`UnknownSteps`].
#[derive(Debug)]
pub struct KnownSteps<L: ?Sized, const IN: usize, const OUT: usize, E, T>(PhantomData<(E, T)>, PhantomData<L>);

/// What is known of a type that implements nothing.
pub trait UnknownSteps {
    /// Whether it is a layer that works step by step.
    const IS_LAYER: bool = false;
    /// Whether it is a network that works step by step.
    const IS_NETWORK: bool = false;
}

impl<L: ?Sized, const IN: usize, const OUT: usize, E, T> UnknownSteps for KnownSteps<L, IN, OUT, E, T> {}

impl<L: StreamingLayer<IN, OUT, V>, const IN: usize, const OUT: usize, V: Scalar> KnownSteps<L, IN, OUT, V, V> {
    /// Whether it is a layer that works step by step.
    pub const IS_LAYER: bool = true;
}

impl<P, const IN: usize, const OUT: usize, E, T> KnownSteps<P, IN, OUT, E, T>
where
    P: Streaming<Frame = [E; IN], FrameOutput = [T; OUT]>,
    [E; IN]: Row,
    [T; OUT]: Row,
{
    /// Whether it is a network that works step by step.
    pub const IS_NETWORK: bool = P::CAN_STEP;
}

/// The kind of a type.
#[must_use]
pub const fn kind(is_network: bool, steps_as_layer: bool, steps_as_network: bool) -> u8 {
    match (is_network, steps_as_layer, steps_as_network) {
        (true, _, true) => NETWORK,
        (true, _, false) => NO_NETWORK,
        (false, true, _) => LAYER,
        (false, false, _) => NO_LAYER,
    }
}

/// Whether a kind works step by step.
#[must_use]
pub const fn can_step(kind: u8) -> bool {
    matches!(kind, LAYER | NETWORK)
}

/// A stage of a type from elsewhere, in a network that could work step by step but for it.
#[derive(Clone, Copy, Debug)]
pub struct StepStage {
    /// Its name, and its type, as a message shows them.
    pub name: &'static str,
    /// The trait that a layer needs, such as `StreamingLayer<4, 4, f32>`.
    pub layer: &'static str,
    /// How it works on one step.
    pub kind: u8,
}

/// That all stages work step by step, or an error.
#[track_caller]
#[must_use]
pub const fn all_step(network: &str, stages: &[StepStage]) -> bool {
    let mut i = 0;
    while i < stages.len() {
        let StepStage { name, layer, kind } = stages[i];
        let cannot = ["`", network, "` cannot work step by step: its stage ", name];
        let [a, b, c, d] = cannot;
        match kind {
            NO_LAYER => fail(&[
                a,
                b,
                c,
                d,
                " is a layer without a step\nhelp: implement `nn_runtime::",
                layer,
                "` for it; `predict` takes the whole sequence",
            ]),
            NO_NETWORK => fail(&[a, b, c, d, " is a network that cannot\nhelp: `predict` takes the whole sequence"]),
            _ => {}
        }
        i += 1;
    }
    true
}
