//! An update of a run: the gradient of one mini-batch or of several, clipped, and the optimizer's rule.

use alloc::vec::Vec;
use core::ops::Range;

use super::super::samples::{Samples, Weights, add};
use super::super::step::{Backpropagation, CheckGradient, Step, mean_loss, scales, seed_of_step};
use super::super::training::Training;
use super::cores::Cores;
use super::options::Options;
use crate::loss::Loss;
use crate::network::Parameters;
use crate::network::small::{enter, is_small};
use crate::optim::{Checked, Optimizer, StepError, clip_norm, clip_value};
use crate::scalar::Scalar as _;
use crate::stack::on_stack;

/// One update by the samples, which have been checked; the sums of their weights. An error before the update leaves the network as it was.
#[inline(always)]
pub(super) fn step<P, O, L, Target, const BATCH: usize>(
    cores: &mut Cores<P, BATCH>,
    training: &mut Training<P, O, BATCH>,
    network: &mut P,
    frozen: &P::Frozen,
    loss: &L,
    samples: Samples<P::Input, Target>,
    optimizer: &O,
    options: &Options,
) -> Result<Weights<P>, StepError>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Sync,
    L: Loss<Target, P::Output, P::Scalar> + Sync,
    Target: Sync,
{
    let optimizer = Checked::new::<P::Scalar>(optimizer)?;
    let weights = samples.weights::<_, P::Output, _>(loss);
    // a step of a small network is short enough for a second entry into the machine's level to count
    if const { is_small(P::LAYERS, BATCH) } && options.accumulation == 1 && !options.clips() && cores.is_one() {
        enter::<P, _, BATCH>(Step { training, network, frozen, optimizer, loss, samples, weights })?;
        return Ok(weights);
    }
    // one function for all options, as each would be compiled for every level of the machine
    // they change after each of several mini-batches
    let changing = statistics::<P>().filter(|_| options.accumulation > 1);
    let before: Vec<_> = changing.map(|run| network.as_slice().get(run).map(<[_]>::to_vec)).collect();
    let updated = accumulate(cores, training, network, frozen, loss, samples, &weights, options)
        .and_then(|()| update(cores, training, network, frozen, optimizer, options));
    if updated.is_err() {
        for (run, before) in statistics::<P>().zip(before) {
            if let Some((values, before)) = network.as_mut_slice().get_mut(run).zip(before) {
                values.copy_from_slice(&before);
            }
        }
    }
    updated?;
    Ok(weights)
}

/// Clips the gradient, and updates the network by it.
#[inline(always)]
fn update<P, O, const BATCH: usize>(
    cores: &Cores<P, BATCH>,
    training: &mut Training<P, O, BATCH>,
    network: &mut P,
    frozen: &P::Frozen,
    optimizer: Checked<O>,
    options: &Options,
) -> Result<(), StepError>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Sync,
{
    if let Some(max) = options.clip_value {
        clip_value(&mut training.gradient, max)?;
    }
    if let Some(max) = options.clip_norm {
        clip_norm(&mut training.gradient, max)?;
    }
    cores.update(training, network, frozen, optimizer)
}

/// The gradient of the mean over the samples of several mini-batches. Running statistics change after each of them.
fn accumulate<P, O, L, Target, const BATCH: usize>(
    cores: &mut Cores<P, BATCH>,
    training: &mut Training<P, O, BATCH>,
    network: &mut P,
    frozen: &P::Frozen,
    loss: &L,
    samples: Samples<P::Input, Target>,
    weights: &Weights<P>,
    options: &Options,
) -> Result<(), StepError>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Sync,
    L: Loss<Target, P::Output, P::Scalar> + Sync,
    Target: Sync,
{
    let Training { gradient, memory, seed, steps, losses, .. } = training;
    gradient.as_mut_slice().fill(P::Scalar::ZERO);
    let (seed, scales) = (seed_of_step(*seed, *steps), scales::<P>(weights));
    let (batch_size, is_checked) = (options.batch_size, options.clips() || samples.len() > options.batch_size);
    let mut sums: Weights<P> = on_stack();
    for start in (0..samples.len()).step_by(batch_size) {
        let part = samples.part(start..samples.len().min(start.saturating_add(batch_size)));
        let of_batch = cores.backpropagate(Backpropagation {
            memory: &mut *memory,
            gradient: &mut *gradient,
            network: &*network,
            frozen,
            loss,
            samples: part,
            first: start,
            scales,
            seed,
        });
        add(sums.as_mut(), of_batch.as_ref());
        mean_loss::<P>(network, frozen, &sums, weights, losses)?;
        if is_checked {
            enter::<P, _, 1>(CheckGradient { network, frozen, gradient })?;
        }
        if samples.len() > batch_size {
            change_statistics(network, gradient);
        }
    }
    Ok(())
}

/// Where the running statistics are in the flat slice.
fn statistics<P: Parameters>() -> impl Iterator<Item = Range<usize>> {
    P::RUNS.iter().filter(|run| !run.is_trained).map(|run| run.start..run.start + run.len)
}

/// Changes the running statistics by their gradient, which is 0 afterwards.
fn change_statistics<P: Parameters>(network: &mut P, gradient: &mut P) {
    for run in statistics::<P>() {
        let values = network.as_mut_slice().get_mut(run.clone()).unwrap_or_default();
        let changes = gradient.as_mut_slice().get_mut(run).unwrap_or_default();
        for (value, change) in values.iter_mut().zip(changes) {
            *value += core::mem::replace(change, P::Scalar::ZERO);
        }
    }
}
