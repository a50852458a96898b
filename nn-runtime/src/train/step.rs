//! What a training step computes: the gradient, and the update by it.

use bytemuck::Pod;

use super::Training;
use super::samples::{Samples, mean};
use crate::kernels::{Isa, Kernel};
use crate::loss::Loss;
use crate::network::{Frozen, Parameters, Pass, Row, Trainable, mix};
use crate::optim::{Checked, Optimizer, StepError, Update, check_gradient, find_before};
use crate::scalar::Scalar as _;

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
    /// The sum of the samples' weights.
    pub(super) weight: f64,
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
        let Self { training, network, frozen, optimizer, loss, samples, weight } = self;
        let value =
            Backpropagation { training, network, frozen, loss, samples, weight, checks_gradient: false }.run(isa)?;
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
    /// The sum of the samples' weights.
    pub(super) weight: f64,
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
            N::Input::fill(isa, &rows.inputs, input);
            network.forward_with(isa, frozen, input, workspace, pass);
            sum += loss
                .loss_and_gradient(isa, N::Parameters::output_then_grad(workspace), rows.real_targets(), scale)
                .to_f64();
            network.backward_with(isa, frozen, input, workspace, gradient, pass);
            first += BATCH.max(1);
        }
        let value = mean(sum, weight);
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
