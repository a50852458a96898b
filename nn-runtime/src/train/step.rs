//! What a training step computes: the gradient, and the update by it.

use bytemuck::Pod;

use super::Training;
use super::memory::Memory;
use super::samples::{self, Samples, Weights, add, total_mean};
use crate::kernels::{Isa, Kernel};
use crate::loss::Loss;
use crate::network::{Frozen, Parameters, Pass, Row, Trainable, mix};
use crate::optim::{Checked, Optimizer, StepError, Update, check_gradient, find_before};
use crate::scalar::Scalar as _;
use crate::stack::on_stack;

/// The gradient, and the update by it; the mean loss. Its samples have been checked.
pub(super) struct Step<'a, 'd, N, O, L, Target, const BATCH: usize>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    pub(super) training: &'a mut Training<N, O, BATCH>,
    pub(super) network: &'a mut N::Parameters,
    pub(super) frozen: &'a Frozen<N>,
    pub(super) optimizer: Checked<'a, O>,
    pub(super) loss: &'a L,
    pub(super) samples: Samples<'d, N::Input, Target>,
    /// The sums of the samples' weights, for each output.
    pub(super) weights: Weights<N>,
}

impl<N, O, L, Target, const BATCH: usize> Kernel for Step<'_, '_, N, O, L, Target, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar>,
{
    type Output = Result<N::Scalar, StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { training, network, frozen, optimizer, loss, samples, weights } = self;
        let work = Gradient { training, network, frozen, loss, samples, weights, adds: false, is_checked: false };
        let value = work.run(isa)?;
        let Training { gradient, state, steps, .. } = training;
        CountedUpdate { network, frozen, gradient, optimizer, state, steps }.run(isa)?;
        Ok(value)
    }
}

/// The update by a gradient, which counts as a step unless it is refused.
pub(super) struct CountedUpdate<'a, P: Parameters, F, O: Optimizer<P::Scalar>> {
    pub(super) network: &'a mut P,
    pub(super) frozen: &'a F,
    pub(super) gradient: &'a P,
    pub(super) optimizer: Checked<'a, O>,
    pub(super) state: &'a mut O::State<P>,
    pub(super) steps: &'a mut u64,
}

impl<P: Parameters, F: Pod, O: Optimizer<P::Scalar>> Kernel for CountedUpdate<'_, P, F, O> {
    type Output = Result<(), StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { network, frozen, gradient, optimizer, state, steps } = self;
        let step = steps.saturating_add(1);
        let updated = Update { network, frozen, gradient, optimizer, state, step }.run(isa);
        if updated.as_ref().err().is_none_or(StepError::is_after_update) {
            *steps = step;
        }
        updated
    }
}

/// The gradient of the mean loss over a mini-batch; the mean loss. Its samples have been checked.
pub(super) struct Gradient<'a, 'd, N, O, L, Target, const BATCH: usize>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
{
    pub(super) training: &'a mut Training<N, O, BATCH>,
    pub(super) network: &'a N::Parameters,
    pub(super) frozen: &'a Frozen<N>,
    pub(super) loss: &'a L,
    pub(super) samples: Samples<'d, N::Input, Target>,
    /// The sums of the samples' weights, for each output.
    pub(super) weights: Weights<N>,
    /// Whether the gradient is added to the one that is there, or overwrites it.
    pub(super) adds: bool,
    /// Whether the gradient is checked here; an update checks it again.
    pub(super) is_checked: bool,
}

impl<N, O, L, Target, const BATCH: usize> Kernel for Gradient<'_, '_, N, O, L, Target, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar>,
{
    type Output = Result<N::Scalar, StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { training, network, frozen, loss, samples, weights, adds, is_checked } = self;
        let Training { gradient, steps, seed, losses, memory, .. } = training;
        if !adds {
            gradient.as_mut_slice().fill(N::Scalar::ZERO);
        }
        let (seed, scales) = (seed_of_step(*seed, *steps), scales::<N>(&weights));
        let work = Backpropagation { memory, gradient, network, frozen, loss, samples, first: 0, scales, seed };
        let sums = work.run(isa);
        let mean = mean_loss::<N>(network, frozen, &sums, &weights, losses)?;
        if is_checked {
            check_gradient(isa, network, frozen, gradient, false)?;
        }
        Ok(mean)
    }
}

/// The seed of dropout in the step after the first `steps`.
pub(super) const fn seed_of_step(seed: u64, steps: u64) -> u64 {
    mix(seed ^ mix(steps))
}

/// The training pass over a tile of `rows` samples, whose first is at position `first` of the mini-batch.
#[inline(always)]
pub(super) const fn pass_over(seed: u64, first: usize, rows: usize) -> Pass {
    Pass { training: true, seed, first_row: first as u32, rows: rows as u32 }
}

/// What each sample's gradient is multiplied by, for each output, so that the sum is that of the mean.
#[inline(always)]
pub(super) fn scales<N: Trainable>(weights: &Weights<N>) -> Weights<N> {
    let mut scales: Weights<N> = on_stack();
    for (scale, weight) in scales.as_mut().iter_mut().zip(weights.as_ref()) {
        // the gradient of samples that all weigh nothing is 0, as their loss is
        *scale = if *weight == 0.0 { 0.0 } else { 1.0 / weight };
    }
    scales
}

/// The mean loss over a mini-batch, from the sums of its samples' losses and weights; `losses` is overwritten with that of each output.
#[inline(always)]
pub(super) fn mean_loss<N: Trainable>(
    network: &N::Parameters,
    frozen: &Frozen<N>,
    sums: &Weights<N>,
    weights: &Weights<N>,
    losses: &mut Weights<N>,
) -> Result<N::Scalar, StepError> {
    for ((loss, sum), weight) in losses.as_mut().iter_mut().zip(sums.as_ref()).zip(weights.as_ref()) {
        *loss = samples::mean(*sum, *weight);
    }
    let value = total_mean(sums.as_ref(), weights.as_ref());
    let mean = N::Scalar::from_f64(value);
    if mean.to_f64().is_finite() {
        Ok(mean)
    } else {
        Err(find_before(network, frozen).unwrap_or(StepError::Loss { value }))
    }
}

/// Adds the gradient of some of a mini-batch's samples; the sums of their losses, for each output.
pub(super) struct Backpropagation<'a, 'd, N, L, Target, const BATCH: usize>
where
    N: Trainable,
{
    pub(super) memory: &'a mut Memory<N, BATCH>,
    pub(super) gradient: &'a mut N::Parameters,
    pub(super) network: &'a N::Parameters,
    pub(super) frozen: &'a Frozen<N>,
    pub(super) loss: &'a L,
    /// The samples: whole tiles, but for the last.
    pub(super) samples: Samples<'d, N::Input, Target>,
    /// The position of the first one in the mini-batch.
    pub(super) first: usize,
    /// What each sample's gradient is multiplied by, for each output.
    pub(super) scales: Weights<N>,
    /// The seed of dropout in this step.
    pub(super) seed: u64,
}

impl<N, L, Target, const BATCH: usize> Kernel for Backpropagation<'_, '_, N, L, Target, BATCH>
where
    N: Trainable,
    L: Loss<Target, N::Output, N::Scalar>,
{
    type Output = Weights<N>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { memory, gradient, network, frozen, loss, samples, first, scales, seed } = self;
        let Memory { input, workspace } = memory;
        let mut sums: Weights<N> = on_stack();
        let mut position = 0;
        // not a `for`, whose iterator would be called as a function, without the machine level's instructions
        while let Some(rows) = samples.tile(position) {
            let pass = pass_over(seed, first + position, rows.rows);
            N::Input::fill(isa, &rows.inputs, input);
            network.forward_with(isa, frozen, input, workspace, pass);
            let mut of_tile: Weights<N> = on_stack();
            let output = N::Parameters::output_then_grad(workspace);
            loss.loss_and_gradient_each(isa, output, rows.real_targets(), scales.as_ref(), of_tile.as_mut());
            add(sums.as_mut(), of_tile.as_ref());
            network.backward_with(isa, frozen, input, workspace, gradient, pass);
            position += BATCH.max(1);
        }
        sums
    }
}

#[cfg(feature = "alloc")]
/// Checks that a gradient is finite.
pub(super) struct CheckGradient<'a, P: Parameters> {
    pub(super) network: &'a P,
    pub(super) frozen: &'a P::Frozen,
    pub(super) gradient: &'a P,
}

#[cfg(feature = "alloc")]
impl<P: Parameters> Kernel for CheckGradient<'_, P> {
    type Output = Result<(), StepError>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        check_gradient(isa, self.network, self.frozen, self.gradient, false)
    }
}
