//! Training steps, in memory that is allocated once.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use bytemuck::Zeroable;

use super::samples::{Samples, Weights, check};
use super::step::{Backpropagation, CountedUpdate, Step};
use super::{Evaluation, ReportOf, TrainError};
use crate::aligned::Aligned;
use crate::data::Dataset;
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::network::small::enter;
use crate::network::{OutputRow as _, Parameters, Parts, PartsMut, Samples as Rows, Tile, Trainable};
use crate::optim::{Checked, Optimizer, StepError};
use crate::stack::room;

/// The memory of a training run: of network `N` with optimizer `O`, in tiles of `BATCH` rows.
///
/// It is plain memory that starts as zeros, so it can be a `static`, a local variable where it is small, or a `Box` that
/// never passes the stack. Nothing in it allocates.
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Xor: [2] -> [1] {
///         linear(4), tanh,
///         linear(1),
///     }
/// }
///
/// let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let targets = [[0.0], [1.0], [1.0], [0.0]];
/// let mut network = Xor::new(&mut rng(0));
/// let mut training = Training::<Xor, Adam, 4>::ZERO;
/// let optimizer = Adam::new(0.05);
/// let mut loss = 1.0;
/// for _ in 0..500 {
///     loss = training.step(&mut network, &optimizer, &BceWithLogits, &inputs, &targets)?;
/// }
/// assert!(loss < 0.02);
/// # Ok::<(), TrainError>(())
/// ```
///
/// [`step`](Self::step) is [`loss_and_gradient`](Self::loss_and_gradient) and [`update`](Self::update); between the two
/// one may look at the gradient, [clip](crate::optim::clip_norm) it, or add that of another machine.
///
/// After an error one can go on: what was refused before the update changed nothing but the gradient. Only
/// [`StepError::Parameter`] and [`StepError::State`] are found when the update has been made; then go on with a copy of the
/// network, and with [`state`](Self::state) and [`steps`](Self::steps) as zeros.
#[derive(Zeroable)]
#[zeroable(bound = "")]
pub struct Training<N, O, const BATCH: usize>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    /// The gradient of the last mini-batch; its running statistics are the change of the network's.
    pub gradient: N::Parameters,
    /// The optimizer state.
    pub state: O::State<N::Parameters>,
    /// The number of updates so far.
    pub steps: u64,
    /// The seed of dropout.
    pub seed: u64,
    /// The mean loss of each output in the last mini-batch.
    pub(super) losses: Weights<N>,
    pub(super) input: Aligned<Tile<N::Input, BATCH>>,
    pub(super) workspace: Aligned<<N::Parameters as Parameters>::Workspace<BATCH>>,
}

impl<N, O, const BATCH: usize> Training<N, O, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    /// The memory before the first step. Above [`STACK_BYTES`](crate::STACK_BYTES) it does not compile: write
    /// [`boxed`](Self::boxed), or in a `static` `bytemuck::zeroed()`.
    pub const ZERO: Self = {
        room::<Self>().expect(crate::__too_large!(Training, "::<..>::boxed()"));
        bytemuck::zeroed()
    };

    /// The memory before the first step, in a `Box`; it is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn boxed() -> Box<Self> {
        bytemuck::zeroed_box()
    }

    /// [`Clone::clone`] of a `Box`, which is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    #[expect(clippy::borrowed_box, reason = "method calls on a `Box` find it before `Clone::clone`")]
    pub fn clone(self: &Box<Self>) -> Box<Self> {
        let mut new = Self::boxed();
        Clone::clone_from(&mut *new, self);
        new
    }

    /// One training step on a mini-batch of any size: the gradient of the mean loss, and the optimizer's update. Returns
    /// the mean loss before the update.
    ///
    /// The network is `N`; one with frozen stages is handed over [with its frozen parameters](crate::network::WithFrozen). Inputs are
    /// arrays or nalgebra vectors.
    ///
    /// # Errors
    ///
    /// A [`TrainError`] names what is wrong with the mini-batch, the options or the step. Network, state and steps are as they
    /// were, unless the error is [`StepError::Parameter`] or [`StepError::State`].
    pub fn step<M, L, Needs, Target>(
        &mut self,
        network: &mut M,
        optimizer: &O,
        loss: &L,
        inputs: &[impl Rows<N::Input>],
        targets: &[Target],
    ) -> Result<N::Scalar, TrainError>
    where
        M: PartsMut<N::Parameters>,
        L: Loss<Target, N::Output, N::Scalar, Needs>,
        Needs: Fits<N::Ending>,
    {
        let optimizer = Checked::new::<N::Scalar>(optimizer)?;
        let (data, loss) = (Dataset::new(inputs, targets)?, &Unchecked::new(loss));
        let weights = Self::check_samples(loss, &data)?;
        let samples = Samples::from(data);
        let step = self.next_step();
        let (network, frozen) = network.parts_mut();
        let work = Step { training: self, network, frozen, optimizer, loss, samples, weights };
        enter::<N::Parameters, _, BATCH>(work).map_err(|error| TrainError::in_step(None, step, error))
    }

    /// Overwrites [`gradient`](Self::gradient) with the gradient of the mean loss over a mini-batch of any size, and
    /// returns the mean loss.
    ///
    /// # Errors
    ///
    /// A [`TrainError`] names what is wrong with the mini-batch or the options of the loss, or that the loss or the gradient is
    /// not finite.
    pub fn loss_and_gradient<M, L, Needs, Target>(
        &mut self,
        network: &M,
        loss: &L,
        inputs: &[impl Rows<N::Input>],
        targets: &[Target],
    ) -> Result<N::Scalar, TrainError>
    where
        M: Parts<N::Parameters>,
        L: Loss<Target, N::Output, N::Scalar, Needs>,
        Needs: Fits<N::Ending>,
    {
        let (data, loss) = (Dataset::new(inputs, targets)?, &Unchecked::new(loss));
        let weights = Self::check_samples(loss, &data)?;
        let samples = Samples::from(data);
        let step = self.next_step();
        let (network, frozen) = network.parts();
        let work = Backpropagation { training: self, network, frozen, loss, samples, weights, checks_gradient: true };
        enter::<N::Parameters, _, BATCH>(work).map_err(|error| TrainError::in_step(None, step, error))
    }

    /// Changes the network by [`gradient`](Self::gradient): its parameters by the optimizer's rule, its running
    /// statistics by adding.
    ///
    /// # Errors
    ///
    /// [`TrainError::Option`] or [`TrainError::Step`]: before anything changes, an invalid option, or a network or a
    /// gradient that is not finite; after the update, a parameter or an optimizer state that is not finite.
    pub fn update<M>(&mut self, network: &mut M, optimizer: &O) -> Result<(), TrainError>
    where
        M: Trainable<Parameters = N::Parameters>,
    {
        let optimizer = Checked::new::<N::Scalar>(optimizer)?;
        let step = self.next_step();
        self.apply(network.parameters_mut(), optimizer).map_err(|error| TrainError::in_step(None, step, error))
    }

    /// [`update`](Self::update) with options that have been checked.
    pub(super) fn apply(&mut self, network: &mut N::Parameters, optimizer: Checked<O>) -> Result<(), StepError> {
        let Self { gradient, state, steps, .. } = self;
        enter::<N::Parameters, _, 1>(CountedUpdate { network, frozen: &(), gradient, optimizer, state, steps })
    }

    /// The mean loss of each of several outputs in the last mini-batch; `()` of a network with one. The number of samples is not known.
    #[must_use]
    pub fn report(&self) -> ReportOf<N> {
        let loss = |output: usize| self.losses.as_ref().get(output).copied().unwrap_or(0.0);
        N::Output::report(|output| Evaluation { loss: loss(output), ..Evaluation::default() })
    }

    /// The number of the step that comes next.
    pub(super) const fn next_step(&self) -> u64 {
        self.steps.saturating_add(1)
    }

    /// Checks the loss and a mini-batch; returns the sums of its samples' weights.
    #[inline(always)]
    fn check_samples<L, Target>(loss: &L, data: &Dataset<N::Input, Target>) -> Result<Weights<N>, TrainError>
    where
        L: Loss<Target, N::Output, N::Scalar>,
    {
        const { assert!(BATCH > 0, "a tile must have at least one row") };
        loss.check_options()?;
        check_size::<N::Parameters>(data.len(), BATCH)?;
        Ok(check::<N, L, Target, N::Scalar>(data, loss)?)
    }
}

/// The copy has a workspace of zeros: each pass overwrites it.
impl<N, O, const BATCH: usize> Clone for Training<N, O, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    fn clone(&self) -> Self {
        let mut new: Self = bytemuck::zeroed();
        Clone::clone_from(&mut new, self);
        new
    }

    /// Copies in place.
    fn clone_from(&mut self, source: &Self) {
        let Self { gradient, state, steps, seed, losses, input: _, workspace: _ } = source;
        bytemuck::bytes_of_mut(&mut self.gradient).copy_from_slice(bytemuck::bytes_of(gradient));
        bytemuck::bytes_of_mut(&mut self.state).copy_from_slice(bytemuck::bytes_of(state));
        (self.steps, self.seed, self.losses) = (*steps, *seed, *losses);
    }
}

/// Whether the network can be trained on a mini-batch of this size in tiles of `tile` rows.
pub(super) fn check_size<P: Parameters>(samples: usize, tile: usize) -> Result<(), TrainError> {
    match samples {
        1 if P::NEEDS_SEVERAL_SAMPLES => Err(TrainError::SingleSample),
        _ if P::NEEDS_WHOLE_BATCH && samples > tile => Err(TrainError::LargerThanTile { samples, tile }),
        _ => Ok(()),
    }
}
