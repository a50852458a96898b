//! Running statistics of batch normalisation for parameters that were never trained with: an average of them.

use alloc::vec::Vec;

use super::super::Training;
use super::super::average::batch_statistics;
use super::super::samples::Samples;
use super::super::step::{Backpropagation, scales, seed_of_step};
use super::options::Options;
use crate::data::Dataset;
use crate::loss::Loss;
use crate::network::Parameters;
use crate::network::small::enter;
use crate::optim::Optimizer;
use crate::scalar::Scalar as _;

/// Overwrites the running statistics with the means over all mini-batches of an epoch. PyTorch's `update_bn`.
///
/// The change of a statistic is `momentum · (statistic of the mini-batch - statistic)`: from 0, it is the statistic of the mini-batch times
/// the momentum.
pub(super) fn renew<P, O, L, Target, const BATCH: usize>(
    training: &mut Training<P, O, BATCH>,
    network: &mut P,
    frozen: &P::Frozen,
    loss: &L,
    data: Dataset<P::Input, Target>,
    order: &[usize],
    options: &Options,
) where
    P: Parameters,
    O: Optimizer<P::Scalar>,
    L: Loss<Target, P::Output, P::Scalar>,
{
    // statistics with a momentum of 0 never change
    let changing = batch_statistics::<P>().filter(|(_, momentum)| *momentum != 0.0);
    let mut statistics: Vec<_> = changing.map(|(position, momentum)| (position, momentum, 0.0_f64)).collect();
    if statistics.is_empty() {
        return;
    }
    for (position, ..) in &statistics {
        if let Some(value) = network.as_mut_slice().get_mut(*position) {
            *value = P::Scalar::ZERO;
        }
    }
    let rows = order.get(..options.samples_per_epoch(order.len())).unwrap_or_default();
    let mini_batches = rows.len().div_ceil(options.batch_size);
    for rows in rows.chunks(options.batch_size) {
        let samples = Samples::ordered(data, rows);
        let scales = scales::<P>(&samples.weights::<_, P::Output, _>(loss));
        let Training { gradient, memory, seed, steps, .. } = &mut *training;
        gradient.as_mut_slice().fill(P::Scalar::ZERO);
        let (seed, network) = (seed_of_step(*seed, *steps), &*network);
        // the backward pass, too: the change of a statistic is part of the gradient
        let _ = enter::<P, _, BATCH>(Backpropagation {
            memory,
            gradient,
            network,
            frozen,
            loss,
            samples,
            first: 0,
            scales,
            seed,
        });
        for (position, _, sum) in &mut statistics {
            *sum += gradient.as_slice().get(*position).map_or(0.0, |change| change.to_f64());
        }
    }
    for (position, momentum, sum) in statistics {
        if let Some(value) = network.as_mut_slice().get_mut(position) {
            *value = P::Scalar::from_f64(sum / momentum / mini_batches as f64);
        }
    }
}
