//! The gradient of a mini-batch on several cores.

use std::boxed::Box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::vec::Vec;

use bytemuck::Zeroable;

use super::super::memory::Memory;
use super::super::samples::{Samples, Weights, add, check_ordered};
use super::super::step::{Backpropagation, CheckGradient, mean_loss, scales, seed_of_step};
use super::super::training::check_size;
use super::super::{TrainError, Training};
use super::Threads;
use crate::data::Dataset;
use crate::kernels::{Isa, Kernel, dispatch};
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::network::small::enter;
use crate::network::{LayerInfo, Parameters, Parts};
use crate::optim::{
    Checked, Optimizer, StepError, UpdateRange, check_gradient, check_network, check_updated, slices_of,
};
use crate::scalar::{IsFinite, Scalar};
use crate::stack::on_stack;

/// Computes the gradient of a mini-batch on several threads, in tiles of `BATCH` rows: for loops of your own. It holds a gradient and the
/// memory of a tile for each group of the mini-batch but the first, and no optimizer state.
///
/// A mini-batch is split into groups of whole tiles. A group has enough rows that computing its gradient takes much longer than adding it
/// up. The number of groups and the order in which their gradients are added do not depend on the number of threads. A mini-batch of a
/// single group, such as the default of 32 samples, is computed by one thread.
pub struct Workers<P: Parameters, const BATCH: usize> {
    threads: Threads,
    groups: Vec<Box<Group<P, BATCH>>>,
}

/// A group of a mini-batch's tiles.
#[derive(Zeroable)]
#[zeroable(bound = "")]
#[repr(C)]
struct Group<P, const BATCH: usize>
where
    P: Parameters,
{
    gradient: P,
    memory: Memory<P, BATCH>,
    /// The sums of the samples' losses, for each output.
    sums: Weights<P>,
}

/// How many multiply-adds a group has for each parameter, about: adding up a gradient then takes a few percent of the time.
const PRODUCTS: u64 = 128;

/// How many parameters a thread adds up at a time.
const BLOCK: usize = 2048;

/// The rows of a group, in whole tiles of `tile` rows, at least one.
const fn rows_of_group(layers: &[LayerInfo], tile: usize) -> usize {
    let (mut products, mut parameters, mut i) = (0, 0, 0);
    while i < layers.len() {
        products += layers[i].multiply_adds;
        parameters += layers[i].len() as u64;
        i += 1;
    }
    let rows = match (PRODUCTS * parameters).checked_div(products) {
        Some(rows) => rows,
        None => PRODUCTS,
    };
    let tiles = rows as usize / tile;
    tile * if tiles == 0 { 1 } else { tiles }
}

impl<P: Parameters, const BATCH: usize> Workers<P, BATCH> {
    /// Without memory, which is allocated when it is needed.
    #[must_use]
    pub fn new(threads: Threads) -> Self {
        Self { threads, groups: Vec::new() }
    }

    /// The threads.
    pub(in crate::train) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Overwrites [`gradient`](Training::gradient) with the gradient of the mean loss over a mini-batch of these rows of a data set, and
    /// returns the mean loss: for loops of one's own.
    ///
    /// ```
    /// use nn_runtime::prelude::*;
    /// use nn_runtime::train::{Threads, Workers, shuffled};
    ///
    /// network! { struct Net: [2] -> [3] { linear(8), relu, linear(3) } }
    ///
    /// let inputs: Vec<[f32; 2]> = (0..900).map(|i| [(i % 3) as f32, (i % 2) as f32]).collect();
    /// let classes: Vec<u8> = (0..900).map(|i| (i % 3) as u8).collect();
    /// let data = Dataset::new(&inputs, &classes)?;
    ///
    /// let mut network = Net::new(&mut rng(0));
    /// let mut training = Training::<Net, Adam, 32>::boxed();
    /// let mut workers = Workers::new(Threads::new(2)?);
    /// for epoch in 0..30 {
    ///     for rows in shuffled(data.len(), 7, epoch).chunks(256) {
    ///         workers.loss_and_gradient(&mut training, &network, &CrossEntropy, &data, rows)?;
    ///         training.update(&mut network, &Adam::new(0.05))?;
    ///     }
    /// }
    /// assert!(evaluate(&network, &CrossEntropy, &data)?.accuracy > Some(0.99));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Training::step_rows`], but for the update's.
    pub fn loss_and_gradient<M, O, L, Needs, Target>(
        &mut self,
        training: &mut Training<P, O, BATCH>,
        network: &M,
        loss: &L,
        data: &Dataset<P::Input, Target>,
        rows: &[usize],
    ) -> Result<P::Scalar, TrainError>
    where
        M: Parts<P>,
        O: Optimizer<P::Scalar>,
        L: Loss<Target, P::Output, P::Scalar, Needs> + Sync,
        Needs: Fits<P::Ending>,
        Target: Sync,
    {
        let (samples, loss) = (Samples::ordered(*data, rows), &Unchecked::new(loss));
        loss.check_options()?;
        check_size::<P>(rows.len(), BATCH)?;
        let weights = check_ordered::<P, _, _, P::Scalar>(&samples, loss)?;
        let (network, frozen) = network.parts();
        let Training { gradient, memory, seed, steps, losses, .. } = training;
        gradient.as_mut_slice().fill(P::Scalar::ZERO);
        let (seed, scales) = (seed_of_step(*seed, *steps), scales::<P>(&weights));
        let work = Backpropagation {
            memory,
            gradient: &mut *gradient,
            network,
            frozen,
            loss,
            samples,
            first: 0,
            scales,
            seed,
        };
        let sums = self.backpropagate(work);
        let mean = mean_loss::<P>(network, frozen, &sums, &weights, losses)
            .and_then(|mean| enter::<P, _, 1>(CheckGradient { network, frozen, gradient }).map(|()| mean));
        mean.map_err(|error| training.refused(error, network, frozen, samples))
    }

    /// Adds the gradient of some samples; the sums of their losses, for each output.
    pub(in crate::train) fn backpropagate<L, Target>(
        &mut self,
        work: Backpropagation<P, L, Target, BATCH>,
    ) -> Weights<P>
    where
        L: Loss<Target, P::Output, P::Scalar> + Sync,
        Target: Sync,
    {
        let Backpropagation { memory, gradient, network, frozen, loss, samples, first: offset, scales, seed } = work;
        let rows = const { rows_of_group(P::LAYERS, BATCH) };
        let starts = (0..samples.len()).step_by(rows);
        self.groups.resize_with(self.groups.len().max(starts.len().saturating_sub(1)), bytemuck::zeroed_box);
        let Self { threads, groups } = self;
        let groups = groups.get_mut(..starts.len().saturating_sub(1)).unwrap_or_default();
        let mut first: Weights<P> = on_stack();
        // the first group needs no memory of its own, so that a mini-batch of one costs what it does without threads
        let mut works = Vec::with_capacity(groups.len() + 1);
        works.push((memory, &mut *gradient, &mut first));
        works.extend(groups.iter_mut().map(|group| {
            let Group { gradient, memory, sums } = &mut **group;
            (memory, gradient, sums)
        }));
        let mut works: Vec<_> = works.into_iter().zip(starts).collect();
        let len = threads.part_of(works.len());
        threads.share(works.chunks_mut(len), |works| {
            for ((memory, gradient, sums), start) in works {
                if *start > 0 {
                    gradient.as_mut_slice().fill(P::Scalar::ZERO);
                }
                let (first, samples) = (offset + *start, samples.part(*start..samples.len().min(*start + rows)));
                let work = Backpropagation { memory, gradient, network, frozen, loss, samples, first, scales, seed };
                **sums = enter::<P, _, BATCH>(work);
            }
        });
        add_up(threads, groups, gradient);
        for group in groups {
            add(first.as_mut(), group.sums.as_ref());
        }
        first
    }

    /// Changes the network by its gradient, as [`Training::update`]: each thread changes the parameters whose gradients it has added up.
    pub(in crate::train) fn update<O>(
        &self,
        training: &mut Training<P, O, BATCH>,
        network: &mut P,
        frozen: &P::Frozen,
        optimizer: Checked<O>,
    ) -> Result<(), StepError>
    where
        O: Optimizer<P::Scalar> + Sync,
    {
        let Training { gradient, state, steps, .. } = training;
        let step = steps.saturating_add(1);
        let len = self.threads.part_of(network.as_slice().len().div_ceil(BLOCK)) * BLOCK;
        let is_finite = AtomicBool::new(true);
        let note = |found: bool| is_finite.fetch_and(found, Ordering::Relaxed);
        self.threads.share(
            network.as_slice().chunks(len).zip(gradient.as_slice().chunks(len)),
            |(network, gradient)| {
                note(dispatch(Called(IsFinite { values: network, squares: false })));
                note(dispatch(Called(IsFinite { values: gradient, squares: O::SQUARES })));
            },
        );
        if !is_finite.swap(true, Ordering::Relaxed) {
            dispatch(CheckBefore { network, frozen, gradient, squares: O::SQUARES })?;
        }
        let mut slices = slices_of::<P, O, P::Scalar>(state);
        let parameters = network.as_mut_slice().chunks_mut(len).zip(gradient.as_slice().chunks(len));
        let parts: Vec<_> = parameters
            .enumerate()
            .map(|(part, (parameters, gradient))| {
                let state = slices.split_off(parameters.len());
                UpdateRange { optimizer, step, runs: P::RUNS, start: part * len, parameters, gradient, state }
            })
            .collect();
        self.threads.share(parts, |part| {
            note(dispatch(part));
        });
        *steps = step;
        if is_finite.into_inner() { Ok(()) } else { check_updated::<P, O::State<P>>(network, state) }
    }
}

/// A kernel whose own body is compiled for the machine's level.
struct Called<K>(K);

impl<K: Kernel> Kernel for Called<K> {
    type Output = K::Output;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> K::Output {
        isa.call(self.0)
    }
}

/// What is wrong with a network or its gradient before an update.
struct CheckBefore<'a, P: Parameters> {
    network: &'a P,
    frozen: &'a P::Frozen,
    gradient: &'a P,
    squares: bool,
}

impl<P: Parameters> Kernel for CheckBefore<'_, P> {
    type Output = Result<(), StepError>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { network, frozen, gradient, squares } = self;
        check_network(isa, network, frozen)?;
        check_gradient(isa, network, frozen, gradient, squares)
    }
}

/// Adds the gradients of the groups to a gradient, in their order.
fn add_up<P: Parameters, const BATCH: usize>(threads: &Threads, groups: &[Box<Group<P, BATCH>>], gradient: &mut P) {
    if groups.is_empty() {
        return;
    }
    let gradients: Vec<_> = groups.iter().map(|group| group.gradient.as_slice()).collect();
    let gradient = gradient.as_mut_slice();
    let len = threads.part_of(gradient.len().div_ceil(BLOCK)) * BLOCK;
    let starts = (0..gradient.len()).step_by(len);
    threads.share(gradient.chunks_mut(len).zip(starts), |(sums, start)| {
        dispatch(Called(AddUp { gradients: &gradients, start, sums }));
    });
}

/// Adds several gradients to a gradient, from a position on.
struct AddUp<'a, T> {
    gradients: &'a [&'a [T]],
    start: usize,
    sums: &'a mut [T],
}

impl<T: Scalar> Kernel for AddUp<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self { gradients, start, sums } = self;
        for (block, sums) in sums.chunks_mut(BLOCK).enumerate() {
            let from = start + block * BLOCK;
            let positions = from..from + sums.len();
            for part in gradients.iter().filter_map(|gradient| gradient.get(positions.clone())) {
                for (sum, value) in sums.iter_mut().zip(part) {
                    *sum += *value;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Tensor;
    use crate::network::table::layer;

    #[test]
    fn a_group_has_so_many_rows_that_its_gradient_is_worth_adding_up() {
        const WEIGHT: &[Tensor] = &[Tensor::new::<f32>("weight", &[10, 10])];
        let dense = layer("fc", "linear", &[0], &[10], &[10]).parameters(0, WEIGHT).multiply_adds(100);
        assert_eq!(rows_of_group(&[dense], 32), 128);
        assert_eq!(rows_of_group(&[dense], 48), 96);
        assert_eq!(rows_of_group(&[dense.multiply_adds(1000)], 32), 32);
        assert_eq!(rows_of_group(&[], 32), 128);
    }
}
