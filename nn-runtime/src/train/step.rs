//! What a training step computes: the gradient, and the update by it.

use bytemuck::Pod;

use super::Training;
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
        let value =
            Backpropagation { training, network, frozen, loss, samples, weights, checks_gradient: false }.run(isa)?;
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

/// Overwrites the gradient with the sum of those of all tiles; the mean loss. Its samples have been checked.
pub(super) struct Backpropagation<'a, 'd, N, O, L, Target, const BATCH: usize>
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
    /// Whether the gradient is checked here; an update checks it again.
    pub(super) checks_gradient: bool,
}

impl<N, O, L, Target, const BATCH: usize> Kernel for Backpropagation<'_, '_, N, O, L, Target, BATCH>
where
    N: Trainable,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar>,
{
    type Output = Result<N::Scalar, StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { training, network, frozen, loss, samples, weights, checks_gradient } = self;
        let Training { gradient, steps, seed, losses, input, workspace, .. } = training;
        gradient.as_mut_slice().fill(N::Scalar::ZERO);
        let seed = mix(*seed ^ mix(*steps));
        let mut scales: Weights<N> = on_stack();
        for (scale, weight) in scales.as_mut().iter_mut().zip(weights.as_ref()) {
            // the gradient of samples that all weigh nothing is 0, as their loss is
            *scale = if *weight == 0.0 { 0.0 } else { 1.0 / weight };
        }
        let mut sums: Weights<N> = on_stack();
        let mut first = 0;
        while let Some(rows) = samples.tile(first) {
            let pass = Pass { training: true, seed, first_row: first as u32, rows: rows.rows as u32 };
            N::Input::fill(isa, &rows.inputs, input);
            network.forward_with(isa, frozen, input, workspace, pass);
            let mut of_tile: Weights<N> = on_stack();
            let output = N::Parameters::output_then_grad(workspace);
            loss.loss_and_gradient_each(isa, output, rows.real_targets(), scales.as_ref(), of_tile.as_mut());
            add(sums.as_mut(), of_tile.as_ref());
            network.backward_with(isa, frozen, input, workspace, gradient, pass);
            first += BATCH.max(1);
        }
        for ((loss, sum), weight) in losses.as_mut().iter_mut().zip(sums.as_ref()).zip(weights.as_ref()) {
            *loss = samples::mean(*sum, *weight);
        }
        let value = total_mean(sums.as_ref(), weights.as_ref());
        let mean = N::Scalar::from_f64(value);
        if !mean.to_f64().is_finite() {
            return Err(find_before(network, frozen).unwrap_or(StepError::Loss { value }));
        }
        if checks_gradient {
            check_gradient(isa, network, frozen, gradient, false)?;
        }
        Ok(mean)
    }
}
