//! A network together with its frozen parameters.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::ops::{Deref, DerefMut};

use super::differentiable::input_gradient;
use super::stream::{self, StateOf, Streaming};
use super::train::Frozen;
use super::{
    Architecture, Differentiable, GradientError, LayerInfo, Network, Parameters, Parts, PartsMut, Port, Predict,
    PredictAs, Restore, Row, Sample, Samples, TensorViews, TensorViewsMut, Tile, Trainable, flat, predict, tensors,
};
use crate::kernels::Isa;
use crate::stack::{FitsPredict, FitsTrace, Returns, ReturnsGradient, on_stack};

/// A network with frozen stages together with its frozen parameters. Every function that takes a network takes this.
///
/// `network.with_frozen(&frozen)` borrows the network to run or save it, `network.with_frozen_mut(&frozen)` to train it:
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Head: [4] -> [3] {
///         #[frozen]
///         features: linear(16),
///         relu,
///         linear(3),
///     }
/// }
///
/// let mut rng = rng(0);
/// let (mut head, frozen) = (Head::new(&mut rng), HeadFrozen::new(&mut rng));
/// let (inputs, targets) = ([[0.0, 1.0, 2.0, 3.0], [3.0, 2.0, 1.0, 0.0]], [0_u8, 2]);
///
/// let mut training = Training::<Head, Adam, 2>::ZERO;
/// training.step(&mut head.with_frozen_mut(&frozen), &Adam::new(1e-3), &CrossEntropy, &inputs, &targets)?;
/// let logits = head.with_frozen(&frozen).predict(&inputs[0]);
/// assert_eq!(logits.len(), 3);
/// # Ok::<(), TrainError>(())
/// ```
///
/// `network.with_both_mut(&mut frozen)` borrows both to be changed, as loading does. `R` points to the network and `F` to the frozen
/// parameters: references or boxes, or one of each.
#[derive(Clone, Copy, Debug)]
pub struct WithFrozen<R, F> {
    network: R,
    frozen: F,
}

/// A pointer through which parameters can be changed: `&mut`, or a `Box`.
#[diagnostic::on_unimplemented(
    message = "the network is to be changed here, through `&mut` or a `Box`, not through `{Self}`",
    label = "`{Self}` is neither",
    note = "write `&mut network.with_frozen_mut(&frozen)`"
)]
pub trait ToChange: DerefMut {}

impl<N> ToChange for &mut N {}

#[cfg(feature = "alloc")]
impl<N> ToChange for Box<N> {}

/// Parameters of type `P`. The `Training` of another network is thus one error, in the words of [`Parts`]: the frozen parameters are
/// compared with those of the network that is handed over, not with those of `P`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network with the parameters `{P}`",
    note = "`Training` has the type of the network that it trains, as in `Training<{Self}, Adam, 32>`"
)]
pub trait Is<P: Parameters>: Parameters {
    /// The two as they are.
    fn parts<'a>(&'a self, frozen: &'a Self::Frozen) -> (&'a P, &'a P::Frozen);

    /// The two as they are, the parameters to be changed.
    fn parts_mut<'a>(&'a mut self, frozen: &'a Self::Frozen) -> (&'a mut P, &'a P::Frozen);
}

impl<P: Parameters> Is<P> for P {
    #[inline(always)]
    fn parts<'a>(&'a self, frozen: &'a P::Frozen) -> (&'a P, &'a P::Frozen) {
        (self, frozen)
    }

    #[inline(always)]
    fn parts_mut<'a>(&'a mut self, frozen: &'a P::Frozen) -> (&'a mut P, &'a P::Frozen) {
        (self, frozen)
    }
}

impl<R, F> WithFrozen<R, F> {
    /// The two together.
    pub const fn new(network: R, frozen: F) -> Self {
        Self { network, frozen }
    }
}

impl<R: Deref, F: Deref> WithFrozen<R, F> {
    /// The parameters that are trained, and the running statistics.
    pub fn network(&self) -> &R::Target {
        &self.network
    }

    /// The frozen parameters.
    pub fn frozen(&self) -> &F::Target {
        &self.frozen
    }
}

impl<P: Parameters, R: Deref<Target = P>, F: Deref<Target = P::Frozen>> WithFrozen<R, F> {
    /// The output for one sample, in evaluation mode; for an input of indices a `Result`. A workspace of more than 64 KiB does not
    /// compile: write [`predict_in`](Self::predict_in).
    ///
    /// # Errors
    /// If an index or a length is out of range.
    pub fn predict(
        &self,
        input: &(impl Sample<P::Input> + ?Sized),
    ) -> <P::Input as Row>::Checked<<P::Output as Row>::Vector>
    where
        P::PredictFits: for<'a> FitsPredict<'a, P>,
    {
        predict::checked(self, input.as_row(), &mut on_stack())
    }

    /// [`predict`](Self::predict) in a workspace of the caller's.
    ///
    /// # Errors
    /// If an index or a length is out of range.
    pub fn predict_in(
        &self,
        input: &(impl Sample<P::Input> + ?Sized),
        workspace: &mut P::Scratch<1>,
    ) -> <P::Input as Row>::Checked<<P::Output as Row>::Vector>
    where
        P::OutputFits: for<'a> Returns<'a, P>,
    {
        predict::checked(self, input.as_row(), workspace)
    }

    /// The output for the next step of a sequence; for a frame of indices a `Result`. The state is the network's
    /// [`State`](super::Streaming::State).
    ///
    /// # Errors
    /// If an index or a length is out of range; the state is unchanged then.
    pub fn step<S>(&self, state: &mut S, frame: &(impl Sample<S::Frame> + ?Sized)) -> S::Output
    where
        S: StateOf<P, StepFits: for<'a> Returns<'a, P>>,
    {
        state.step(&self.network, &self.frozen, frame.as_row())
    }

    /// The outputs for the next `FRAMES` steps of a sequence, one row each: the same as `FRAMES` calls of [`step`](Self::step), but
    /// faster; for frames of indices a `Result`. A workspace of more than 64 KiB does not compile: write [`step_block_in`](Self::step_block_in).
    ///
    /// # Errors
    /// If an index or a length is out of range; the state is unchanged then.
    pub fn step_block<const FRAMES: usize>(
        &self,
        state: &mut P::State,
        frames: &[impl Samples<P::Frame>; FRAMES],
    ) -> <P::Frame as Row>::Checked<[P::FrameOutput; FRAMES]>
    where
        P: Streaming,
    {
        stream::block(&*self.network, &self.frozen, state, Samples::as_rows(frames))
    }

    /// [`step_block`](Self::step_block) in a workspace of the caller's.
    ///
    /// # Errors
    /// If an index or a length is out of range; the state is unchanged then.
    pub fn step_block_in<const FRAMES: usize>(
        &self,
        state: &mut P::State,
        frames: &[impl Samples<P::Frame>; FRAMES],
        workspace: &mut P::BlockWorkspace<FRAMES>,
    ) -> <P::Frame as Row>::Checked<[P::FrameOutput; FRAMES]>
    where
        P: Streaming,
    {
        stream::block_in(&*self.network, &self.frozen, state, Samples::as_rows(frames), workspace)
    }

    /// The gradient of the output at position `output` with respect to the input, in evaluation mode. A trace of more than 64 KiB
    /// does not compile: write [`input_gradient_in`](Self::input_gradient_in).
    ///
    /// # Errors
    /// If the network has no such output.
    pub fn input_gradient(
        &self,
        input: &(impl Sample<P::Input> + ?Sized),
        output: usize,
    ) -> Result<<P::Input as Row>::Vector, GradientError>
    where
        P: Differentiable<TraceFits: for<'a> FitsTrace<'a, P>>,
    {
        input_gradient(&*self.network, &self.frozen, input.as_row(), output, &mut on_stack())
    }

    /// [`input_gradient`](Self::input_gradient) in a trace of the caller's.
    ///
    /// # Errors
    /// If the network has no such output.
    pub fn input_gradient_in(
        &self,
        input: &(impl Sample<P::Input> + ?Sized),
        output: usize,
        trace: &mut P::Trace<1>,
    ) -> Result<<P::Input as Row>::Vector, GradientError>
    where
        P: Differentiable<GradientFits: for<'a> ReturnsGradient<'a, P>>,
    {
        input_gradient(&*self.network, &self.frozen, input.as_row(), output, trace)
    }

    /// All parameters and running statistics by PyTorch's names, frozen ones included, in the order of PyTorch's `state_dict`.
    pub fn state_dict(&self) -> TensorViews<'_, P::Scalar> {
        tensors::views(P::LAYERS, flat(&*self.network), flat(&*self.frozen))
    }

    /// The same, to be written.
    pub fn state_dict_mut(&mut self) -> TensorViewsMut<'_, <Self as Architecture>::Scalar>
    where
        Self: Restore,
    {
        <Self as Restore>::state_dict_mut(self)
    }
}

impl<P: Parameters, R: Deref<Target = P>, F> Architecture for WithFrozen<R, F> {
    type Scalar = P::Scalar;
    type Input = P::Input;
    type Output = P::Output;
    type Ending = P::Ending;
    type Scratch<const BATCH: usize> = P::Scratch<BATCH>;

    const LAYERS: &'static [LayerInfo] = P::LAYERS;
    const INPUTS: &'static [Port] = P::INPUTS;
    const OUTPUTS: &'static [Port] = P::OUTPUTS;
}

impl<P: Parameters, R: Deref<Target = P>, F: Deref<Target = P::Frozen>> Predict for WithFrozen<R, F> {
    #[inline(always)]
    fn predict_with<'s, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &Tile<Self::Input, BATCH>,
        scratch: &'s mut Self::Scratch<BATCH>,
    ) -> &'s Tile<Self::Output, BATCH> {
        self.network.infer_with(isa, &self.frozen, input, scratch)
    }
}

impl<P: Parameters, R, F> PredictAs<P> for WithFrozen<R, F>
where
    Self: Parts<P>,
{
    #[inline(always)]
    fn predict_as<'s, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        input: &Tile<P::Input, BATCH>,
        scratch: &'s mut P::Scratch<BATCH>,
    ) -> &'s Tile<P::Output, BATCH> {
        let (network, frozen) = self.parts();
        network.infer_with(isa, frozen, input, scratch)
    }
}

impl<P: Parameters, R: ToChange + Deref<Target = P>, F> Trainable for WithFrozen<R, F> {
    type Parameters = P;

    #[inline(always)]
    fn parameters(&self) -> &P {
        &self.network
    }

    #[inline(always)]
    fn parameters_mut(&mut self) -> &mut P {
        &mut self.network
    }
}

impl<P: Parameters, R: ToChange + Deref<Target = P>, F: Deref<Target = P::Frozen>> Network for WithFrozen<R, F> {}

impl<P: Parameters, R, F> Parts<P> for WithFrozen<R, F>
where
    R: Deref<Target: Is<P>>,
    F: Deref<Target = <R::Target as Parameters>::Frozen>,
{
    #[inline(always)]
    fn parts(&self) -> (&P, &P::Frozen) {
        self.network.parts(&self.frozen)
    }
}

impl<P: Parameters, R, F> PartsMut<P> for WithFrozen<R, F>
where
    R: ToChange<Target: Is<P>>,
    F: Deref<Target = <R::Target as Parameters>::Frozen>,
{
    #[inline(always)]
    fn parts_mut(&mut self) -> (&mut P, &P::Frozen) {
        self.network.parts_mut(&self.frozen)
    }
}

// what cannot be changed of the two is one error, not an error each
#[diagnostic::do_not_recommend]
impl<P: Parameters, R, F> Restore for WithFrozen<R, F>
where
    R: ToChange + Deref<Target = P>,
    F: ToChange + Deref<Target = P::Frozen>,
{
    fn both_mut(&mut self) -> (&mut P, &mut Frozen<Self>) {
        (&mut self.network, &mut self.frozen)
    }
}
