//! Training steps, in memory that is allocated once.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use super::samples::Samples;
use super::{TrainError, tile};
use crate::aligned::Aligned;
use crate::data::Dataset;
use crate::kernels::{Isa, Kernel};
use crate::loss::Loss;
use crate::network::small::enter;
use crate::network::table::ends_with;
use crate::network::{Network, Pass, mix};
use crate::optim::{self, Optimizer, Update};
use crate::scalar::Scalar;

/// The memory of a training run: of network `N` with optimizer `O`, in tiles of `BATCH` rows. `IN` and `OUT` are the
/// network's sizes and can be left to inference, `_`.
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
/// let mut training = Training::<Xor, Adam, 4, _, _>::ZERO;
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
#[derive(Clone, Zeroable)]
#[zeroable(bound = "")]
pub struct Training<N, O, const BATCH: usize, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    /// The gradient of the last mini-batch; its running statistics are the change of the network's.
    pub gradient: N,
    /// What the optimizer remembers.
    pub state: O::State<N>,
    /// The number of updates so far.
    pub steps: u64,
    /// The seed of dropout.
    pub seed: u64,
    input: Aligned<SMatrix<N::Input, BATCH, IN>>,
    workspace: Aligned<N::Workspace<BATCH>>,
}

impl<N, O, const BATCH: usize, const IN: usize, const OUT: usize> Training<N, O, BATCH, IN, OUT>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    /// The memory before the first step.
    pub const ZERO: Self = bytemuck::zeroed();

    /// The memory before the first step, in a `Box`; it is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn boxed() -> Box<Self> {
        bytemuck::zeroed_box()
    }

    /// One training step on a mini-batch of any size: the gradient of the mean loss, and the optimizer's update. Returns
    /// the mean loss before the update.
    ///
    /// # Errors
    ///
    /// A [`TrainError`] names what is wrong with the mini-batch; the network is as it was.
    pub fn step_with_frozen<L, Target>(
        &mut self,
        network: &mut N,
        frozen: &N::Frozen,
        optimizer: &O,
        loss: &L,
        inputs: &[[N::Input; IN]],
        targets: &[Target],
    ) -> Result<N::Scalar, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        let samples = Samples::from(Dataset::new(inputs, targets)?);
        let weight = Self::check(loss, &samples)?;
        Ok(enter::<N, _, BATCH, IN, OUT>(Step { training: self, network, frozen, optimizer, loss, samples, weight }))
    }

    /// Overwrites [`gradient`](Self::gradient) with the gradient of the mean loss over a mini-batch of any size, and
    /// returns the mean loss.
    ///
    /// # Errors
    ///
    /// A [`TrainError`] names what is wrong with the mini-batch.
    pub fn loss_and_gradient_with_frozen<L, Target>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        loss: &L,
        inputs: &[[N::Input; IN]],
        targets: &[Target],
    ) -> Result<N::Scalar, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        self.run(network, frozen, loss, Samples::from(Dataset::new(inputs, targets)?))
    }

    /// Changes the network by [`gradient`](Self::gradient): its parameters by the optimizer's rule, its running
    /// statistics by adding.
    pub fn update(&mut self, network: &mut N, optimizer: &O) {
        self.steps = self.steps.saturating_add(1);
        optim::update(network, &self.gradient, optimizer, &mut self.state, self.steps);
    }

    pub(super) fn run<L, Target>(
        &mut self,
        network: &N,
        frozen: &N::Frozen,
        loss: &L,
        samples: Samples<N::Input, Target, IN>,
    ) -> Result<N::Scalar, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        let weight = Self::check(loss, &samples)?;
        Ok(enter::<N, _, BATCH, IN, OUT>(Backpropagation { training: self, network, frozen, loss, samples, weight }))
    }

    /// Checks a mini-batch; returns the sum of its samples' weights.
    #[inline(always)]
    fn check<L, Target>(loss: &L, samples: &Samples<N::Input, Target, IN>) -> Result<N::Scalar, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        const {
            assert!(
                !ends_with(N::LAYERS, L::NOT_AFTER),
                "the network's last stage does not go with its loss: `CrossEntropy` includes `softmax` and `BceWithLogits` \
                 includes `sigmoid`, so leave that stage out; for `Nll` and `KlDiv`, end with `log_softmax`"
            );
        }
        check_size::<N, IN, OUT>(samples.len(), BATCH)?;
        samples.check::<N, L, OUT>(loss)
    }
}

impl<N, O, const BATCH: usize, const IN: usize, const OUT: usize> Training<N, O, BATCH, IN, OUT>
where
    N: Network<IN, OUT, Frozen = ()>,
    O: Optimizer<N::Scalar>,
{
    /// [`step_with_frozen`](Self::step_with_frozen) for a network without frozen stages.
    ///
    /// # Errors
    ///
    /// A [`TrainError`] names what is wrong with the mini-batch; the network is as it was.
    pub fn step<L, Target>(
        &mut self,
        network: &mut N,
        optimizer: &O,
        loss: &L,
        inputs: &[[N::Input; IN]],
        targets: &[Target],
    ) -> Result<N::Scalar, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        self.step_with_frozen(network, &(), optimizer, loss, inputs, targets)
    }

    /// [`loss_and_gradient_with_frozen`](Self::loss_and_gradient_with_frozen) for a network without frozen stages.
    ///
    /// # Errors
    ///
    /// A [`TrainError`] names what is wrong with the mini-batch.
    pub fn loss_and_gradient<L, Target>(
        &mut self,
        network: &N,
        loss: &L,
        inputs: &[[N::Input; IN]],
        targets: &[Target],
    ) -> Result<N::Scalar, TrainError>
    where
        L: Loss<Target, N::Scalar, OUT>,
    {
        self.loss_and_gradient_with_frozen(network, &(), loss, inputs, targets)
    }
}

/// Whether the network can be trained on a mini-batch of this size in tiles of `tile` rows.
pub(super) fn check_size<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(
    samples: usize,
    tile: usize,
) -> Result<(), TrainError> {
    match samples {
        1 if N::NEEDS_SEVERAL_SAMPLES => Err(TrainError::SingleSample),
        _ if N::NEEDS_WHOLE_BATCH && samples > tile => Err(TrainError::LargerThanTile { samples, tile }),
        _ => Ok(()),
    }
}

/// The gradient, and the update by it; the mean loss.
struct Step<'a, 'd, N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    training: &'a mut Training<N, O, BATCH, IN, OUT>,
    network: &'a mut N,
    frozen: &'a N::Frozen,
    optimizer: &'a O,
    loss: &'a L,
    samples: Samples<'d, N::Input, Target, IN>,
    weight: N::Scalar,
}

impl<N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize> Kernel
    for Step<'_, '_, N, O, L, Target, BATCH, IN, OUT>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Scalar, OUT>,
{
    type Output = N::Scalar;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> N::Scalar {
        let Self { training, network, frozen, optimizer, loss, samples, weight } = self;
        let value = Backpropagation { training, network, frozen, loss, samples, weight }.run(isa);
        let Training { gradient, state, steps, .. } = training;
        *steps = steps.saturating_add(1);
        Update { network, gradient, optimizer, state, step: *steps }.run(isa);
        value
    }
}

/// Overwrites the gradient with the sum of those of all tiles; the mean loss.
struct Backpropagation<'a, 'd, N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    training: &'a mut Training<N, O, BATCH, IN, OUT>,
    network: &'a N,
    frozen: &'a N::Frozen,
    loss: &'a L,
    samples: Samples<'d, N::Input, Target, IN>,
    weight: N::Scalar,
}

impl<N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize> Kernel
    for Backpropagation<'_, '_, N, O, L, Target, BATCH, IN, OUT>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Scalar, OUT>,
{
    type Output = N::Scalar;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> N::Scalar {
        let Self { training, network, frozen, loss, samples, weight } = self;
        let Training { gradient, steps, seed, input, workspace, .. } = training;
        gradient.as_mut_slice().fill(N::Scalar::ZERO);
        let seed = mix(*seed ^ mix(*steps));
        let scale = N::Scalar::ONE / weight;
        let mut sum = N::Scalar::ZERO;
        let mut first = 0;
        while let Some(rows) = samples.tile(first) {
            let pass = Pass { training: true, seed, first_row: first as u32, rows: rows.rows as u32 };
            tile::fill(isa, &rows.inputs, input);
            network.forward_with(isa, frozen, input, workspace, pass);
            sum += loss.loss_and_gradient(isa, N::output_then_grad(workspace), rows.real_targets(), scale);
            network.backward_with(isa, frozen, input, workspace, gradient, pass);
            first += BATCH.max(1);
        }
        sum * scale
    }
}
