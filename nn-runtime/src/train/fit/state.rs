//! What changes in a run: all that a checkpoint holds, but for the network.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::super::samples::{Weights, mean, total_mean};
use super::super::{Average, Evaluation, History, ReportOf, Training};
use super::Epoch;
use crate::metrics::Measured;
use crate::network::{OutputRow as _, Parameters};
use crate::optim::Optimizer;
use crate::stack::on_stack;

/// What changes in a run, but for the network.
pub(in crate::train) struct State<P, O, const BATCH: usize>
where
    P: Parameters,
    O: Optimizer<P::Scalar>,
{
    pub training: Box<Training<P, O, BATCH>>,
    /// The optimizer as callbacks leave it; a schedule computes from its learning rates.
    pub initial: O,
    /// The optimizer of the next update.
    pub optimizer: O,
    /// The number of epochs that are over.
    pub epoch: usize,
    /// The number of samples of this epoch that have been seen.
    pub position: usize,
    /// The losses of this epoch.
    pub sums: Sums<P>,
    pub history: History,
    /// The network of the best epoch, if it is kept.
    pub best_network: Option<Box<P>>,
    /// The average of the parameters, if there is one, and how many are in it.
    pub average: Option<(Box<P>, u64)>,
}

/// The sums of an epoch, for each output.
#[derive(Clone, Copy)]
pub(in crate::train) struct Sums<P: Parameters> {
    /// Of the losses, each with its weight.
    pub losses: Weights<P>,
    /// Of the weights.
    pub weights: Weights<P>,
}

impl<P: Parameters> Sums<P> {
    /// Of nothing.
    pub fn new() -> Self {
        Self { losses: on_stack(), weights: on_stack() }
    }

    /// Adds a mini-batch with these mean losses and these sums of weights.
    #[inline(always)]
    pub fn add(&mut self, losses: &[f64], weights: &[f64]) {
        let sums = self.losses.as_mut().iter_mut().zip(self.weights.as_mut());
        for ((loss_sum, weight_sum), (loss, weight)) in sums.zip(losses.iter().zip(weights)) {
            *loss_sum += loss * weight;
            *weight_sum += weight;
        }
    }
}

impl<P, O, const BATCH: usize> State<P, O, BATCH>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Clone,
{
    /// Before the first step.
    pub fn new(optimizer: O, seed: u64) -> Self {
        let mut training = Training::boxed();
        training.seed = seed;
        Self {
            training,
            initial: optimizer.clone(),
            optimizer,
            epoch: 0,
            position: 0,
            sums: Sums::new(),
            history: History::default(),
            best_network: None,
            average: None,
        }
    }

    /// The learning rate of the last update; NaN if the optimizer has none.
    pub fn lr(&mut self) -> f64 {
        self.optimizer.learning_rates().next().map_or(f64::NAN, |lr| *lr)
    }

    /// Sets the first learning rate, and the others in proportion to their initial values.
    pub fn set_lr(&mut self, lr: f64) {
        let first = self.initial.learning_rates().next().map_or(0.0, |first| *first);
        for (rate, initial) in self.optimizer.learning_rates().zip(self.initial.learning_rates()) {
            *rate = if first > 0.0 { lr * (*initial / first) } else { lr };
        }
    }

    /// Takes the network into the average.
    pub fn average(&mut self, average: Average, network: &P) {
        if let Some((averaged, count)) = &mut self.average {
            average.update(&mut **averaged, network, *count);
            *count += 1;
        }
    }

    /// The next epoch begins.
    pub fn begin_epoch(&mut self) {
        self.epoch += 1;
        self.position = 0;
        self.sums = Sums::new();
    }

    /// What is known after this epoch.
    pub fn epoch_record(
        &mut self,
        epochs: usize,
        validation: Option<Evaluation<ReportOf<P>>>,
        metrics: Vec<Measured>,
    ) -> Epoch<ReportOf<P>> {
        let (sums, weights) = (self.sums.losses.as_ref(), self.sums.weights.as_ref());
        let mean =
            |output: usize| sums.get(output).zip(weights.get(output)).map_or(0.0, |(sum, weight)| mean(*sum, *weight));
        let samples = self.position as u64;
        let parts = P::Output::report(|output| Evaluation { loss: mean(output), samples, ..Evaluation::default() });
        let loss = total_mean(sums, weights);
        Epoch { epoch: self.epoch + 1, epochs, lr: self.lr(), loss, parts, validation, metrics }
    }
}
