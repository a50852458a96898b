//! What a training step computes: the gradient, and the update by it.

use super::samples::{Samples, mean};
use super::{Training, tile};
use crate::kernels::{Isa, Kernel};
use crate::loss::Loss;
use crate::network::{Network, Pass, mix};
use crate::optim::{Checked, Optimizer, StepError, Update, check_gradient, find_before};
use crate::scalar::Scalar;

/// The gradient, and the update by it; the mean loss. Its samples have been checked.
pub(super) struct Step<'a, 'd, N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    pub(super) training: &'a mut Training<N, O, BATCH, IN, OUT>,
    pub(super) network: &'a mut N,
    pub(super) frozen: &'a N::Frozen,
    pub(super) optimizer: Checked<'a, O>,
    pub(super) loss: &'a L,
    pub(super) samples: Samples<'d, N::Input, Target, IN>,
    /// The sum of the samples' weights.
    pub(super) weight: f64,
}

impl<N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize> Kernel
    for Step<'_, '_, N, O, L, Target, BATCH, IN, OUT>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Scalar, OUT>,
{
    type Output = Result<N::Scalar, StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { training, network, frozen, optimizer, loss, samples, weight } = self;
        let value =
            Backpropagation { training, network, frozen, loss, samples, weight, checks_gradient: false }.run(isa)?;
        let Training { gradient, state, steps, .. } = training;
        CountedUpdate { network, gradient, optimizer, state, steps }.run(isa)?;
        Ok(value)
    }
}

/// The update by a gradient, which counts as a step unless it is refused.
pub(super) struct CountedUpdate<'a, N: Network<IN, OUT>, O: Optimizer<N::Scalar>, const IN: usize, const OUT: usize> {
    pub(super) network: &'a mut N,
    pub(super) gradient: &'a N,
    pub(super) optimizer: Checked<'a, O>,
    pub(super) state: &'a mut O::State<N>,
    pub(super) steps: &'a mut u64,
}

impl<N: Network<IN, OUT>, O: Optimizer<N::Scalar>, const IN: usize, const OUT: usize> Kernel
    for CountedUpdate<'_, N, O, IN, OUT>
{
    type Output = Result<(), StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { network, gradient, optimizer, state, steps } = self;
        let step = steps.saturating_add(1);
        let updated = Update { network, gradient, optimizer, state, step }.run(isa);
        if updated.as_ref().err().is_none_or(StepError::is_after_update) {
            *steps = step;
        }
        updated
    }
}

/// Overwrites the gradient with the sum of those of all tiles; the mean loss. Its samples have been checked.
pub(super) struct Backpropagation<'a, 'd, N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
{
    pub(super) training: &'a mut Training<N, O, BATCH, IN, OUT>,
    pub(super) network: &'a N,
    pub(super) frozen: &'a N::Frozen,
    pub(super) loss: &'a L,
    pub(super) samples: Samples<'d, N::Input, Target, IN>,
    /// The sum of the samples' weights.
    pub(super) weight: f64,
    /// Whether the gradient is checked here; an update checks it again.
    pub(super) checks_gradient: bool,
}

impl<N, O, L, Target, const BATCH: usize, const IN: usize, const OUT: usize> Kernel
    for Backpropagation<'_, '_, N, O, L, Target, BATCH, IN, OUT>
where
    N: Network<IN, OUT>,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Scalar, OUT>,
{
    type Output = Result<N::Scalar, StepError>;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { training, network, frozen, loss, samples, weight, checks_gradient } = self;
        let Training { gradient, steps, seed, input, workspace, .. } = training;
        gradient.as_mut_slice().fill(N::Scalar::ZERO);
        let seed = mix(*seed ^ mix(*steps));
        // the gradient of samples that all weigh nothing is 0, as their loss is
        let scale = N::Scalar::from_f64(if weight == 0.0 { 0.0 } else { 1.0 / weight });
        let mut sum = 0.0;
        let mut first = 0;
        while let Some(rows) = samples.tile(first) {
            let pass = Pass { training: true, seed, first_row: first as u32, rows: rows.rows as u32 };
            tile::fill(isa, &rows.inputs, input);
            network.forward_with(isa, frozen, input, workspace, pass);
            sum += loss.loss_and_gradient(isa, N::output_then_grad(workspace), rows.real_targets(), scale).to_f64();
            network.backward_with(isa, frozen, input, workspace, gradient, pass);
            first += BATCH.max(1);
        }
        let value = mean(sum, weight);
        let mean = N::Scalar::from_f64(value);
        if !mean.to_f64().is_finite() {
            return Err(find_before(network, frozen).unwrap_or(StepError::Loss { value }));
        }
        if checks_gradient {
            check_gradient::<I, N, IN, OUT>(isa, network, gradient, false)?;
        }
        Ok(mean)
    }
}
