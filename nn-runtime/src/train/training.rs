//! Training steps, in memory that is allocated once.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use bytemuck::{Pod, Zeroable};

use super::diagnosis::diagnose;
use super::memory::Memory;
use super::samples::{Samples, Weights, check, check_ordered};
use super::step::{CountedUpdate, Gradient, Step};
use super::{Evaluation, ReportOf, TrainError};
use crate::data::Dataset;
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::network::small::enter;
use crate::network::{Frozen, OutputRow as _, Parameters, Parts, PartsMut, Samples as Rows, Trainable};
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
#[repr(C)]
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
    pub(super) memory: Memory<N, BATCH>,
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
        self.step_checked(network, optimizer, loss, data.into(), weights)
    }

    /// [`step`](Self::step) on a mini-batch of these rows of a data set, in this order: for loops of one's own over a data set that is
    /// shuffled.
    ///
    /// ```
    /// use nn_runtime::prelude::*;
    /// use nn_runtime::train::shuffled;
    ///
    /// network! { struct Net: [2] -> [3] { linear(8), relu, linear(3) } }
    ///
    /// let inputs: Vec<[f32; 2]> = (0..90).map(|i| [(i % 3) as f32, (i % 2) as f32]).collect();
    /// let classes: Vec<u8> = (0..90).map(|i| i % 3).collect();
    /// let data = Dataset::new(&inputs, &classes)?;
    ///
    /// // what `Fit::new(Adam::new(0.01), CrossEntropy).epochs(30).seed(7).run(&mut network, &data)` does
    /// let mut network = Net::new(&mut rng(0));
    /// let mut training = Training::<Net, Adam, 32>::boxed();
    /// training.seed = 7;
    /// for epoch in 0..30 {
    ///     for rows in shuffled(data.len(), 7, epoch).chunks(32) {
    ///         training.step_rows(&mut network, &Adam::new(0.01), &CrossEntropy, &data, rows)?;
    ///     }
    /// }
    /// assert!(evaluate(&network, &CrossEntropy, &data)?.accuracy > Some(0.99));
    /// # Ok::<(), TrainError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `step`; [`TrainError::NoSuchRow`] for a row that the data set does not have.
    pub fn step_rows<M, L, Needs, Target>(
        &mut self,
        network: &mut M,
        optimizer: &O,
        loss: &L,
        data: &Dataset<N::Input, Target>,
        rows: &[usize],
    ) -> Result<N::Scalar, TrainError>
    where
        M: PartsMut<N::Parameters>,
        L: Loss<Target, N::Output, N::Scalar, Needs>,
        Needs: Fits<N::Ending>,
    {
        let optimizer = Checked::new::<N::Scalar>(optimizer)?;
        let (samples, loss) = (Samples::ordered(*data, rows), &Unchecked::new(loss));
        loss.check_options()?;
        check_size::<N::Parameters>(rows.len(), BATCH)?;
        let weights = check_ordered::<N, _, _, N::Scalar>(&samples, loss)?;
        self.step_checked(network, optimizer, loss, samples, weights)
    }

    /// A step on samples that have been checked.
    #[inline(always)]
    fn step_checked<M, L, Target>(
        &mut self,
        network: &mut M,
        optimizer: Checked<O>,
        loss: &L,
        samples: Samples<N::Input, Target>,
        weights: Weights<N>,
    ) -> Result<N::Scalar, TrainError>
    where
        M: PartsMut<N::Parameters>,
        L: Loss<Target, N::Output, N::Scalar>,
    {
        const { assert!(BATCH > 0, "a tile must have at least one row") };
        let (network, frozen) = network.parts_mut();
        let work = Step { training: self, network, frozen, optimizer, loss, samples, weights };
        enter::<N::Parameters, _, BATCH>(work).map_err(|error| self.refused(error, network, frozen, samples))
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
        self.gradient_of(network, loss, inputs, targets, false)
    }

    /// [`loss_and_gradient`](Self::loss_and_gradient) that adds to [`gradient`](Self::gradient): for an update by the gradients of several
    /// mini-batches or losses, whose sum it is. [`Scaled`](crate::loss::Scaled) makes a mean of it.
    ///
    /// A mini-batch of any size needs the memory of one tile, so a large one does not have to be taken apart for this.
    ///
    /// # Errors
    ///
    /// Those of `loss_and_gradient`, after which the gradient is not to be used.
    pub fn accumulate_gradient<M, L, Needs, Target>(
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
        self.gradient_of(network, loss, inputs, targets, true)
    }

    /// The gradient of the mean loss over a mini-batch, added to the one that is there or in its place.
    #[inline(always)]
    fn gradient_of<M, L, Needs, Target>(
        &mut self,
        network: &M,
        loss: &L,
        inputs: &[impl Rows<N::Input>],
        targets: &[Target],
        adds: bool,
    ) -> Result<N::Scalar, TrainError>
    where
        M: Parts<N::Parameters>,
        L: Loss<Target, N::Output, N::Scalar, Needs>,
        Needs: Fits<N::Ending>,
    {
        let (data, loss) = (Dataset::new(inputs, targets)?, &Unchecked::new(loss));
        let weights = Self::check_samples(loss, &data)?;
        let samples = Samples::from(data);
        let (network, frozen) = network.parts();
        let work = Gradient { training: self, network, frozen, loss, samples, weights, adds, is_checked: true };
        enter::<N::Parameters, _, BATCH>(work).map_err(|error| self.refused(error, network, frozen, samples))
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
        let updated = self.apply(network.parameters_mut(), &(), optimizer);
        updated.map_err(|error| TrainError::in_step(None, step, error))
    }

    /// [`update`](Self::update) with options that have been checked. An error names the frozen parameter that caused it, if it is handed over.
    pub(super) fn apply<F: Pod>(
        &mut self,
        network: &mut N::Parameters,
        frozen: &F,
        optimizer: Checked<O>,
    ) -> Result<(), StepError> {
        let Self { gradient, state, steps, .. } = self;
        enter::<N::Parameters, _, 1>(CountedUpdate { network, frozen, gradient, optimizer, state, steps })
    }

    /// The mean loss of each of several outputs in the last mini-batch; `()` of a network with one. The number of samples is not known.
    #[must_use]
    pub fn report(&self) -> ReportOf<N> {
        let loss = |output: usize| self.losses.as_ref().get(output).copied().unwrap_or(0.0);
        N::Output::report(|output| Evaluation { loss: loss(output), ..Evaluation::default() })
    }

    /// The mean loss of the last mini-batch; of several outputs the sum of theirs.
    #[cfg(feature = "alloc")]
    pub(super) fn mean_loss(&self) -> f64 {
        let mut losses = self.losses.as_ref().iter();
        // not `sum`, which begins with -0
        let first = losses.next().copied().unwrap_or(0.0);
        losses.fold(first, |sum, loss| sum + loss)
    }

    /// What is wrong with the step that was tried, or with its mini-batch's gradient.
    #[cold]
    #[inline(never)]
    pub(super) fn refused<Target>(
        &mut self,
        error: StepError,
        network: &N::Parameters,
        frozen: &Frozen<N>,
        samples: Samples<N::Input, Target>,
    ) -> TrainError {
        let step = if error.is_after_update() { self.steps } else { self.next_step() };
        TrainError::in_step(None, step, diagnose(error, self, network, frozen, samples))
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

/// The copy has memory of zeros: each pass overwrites it.
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
        let Self { gradient, state, steps, seed, losses, memory: _ } = source;
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
