//! The whole training loop.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::samples::{Samples, Weights, add, check, mean, total_mean};
use super::step::Backpropagation;
use super::training::check_size;
use super::{Evaluation, Evaluator, Figure, Report, ReportOf, TrainError, Training};
use crate::OptionError;
use crate::data::Dataset;
use crate::init::{below, rng};
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::network::small::enter;
use crate::network::{Network, OutputRow as _, Parameters, Trainable as _, mix};
use crate::optim::{Checked, Optimizer, StepError, clip_norm, clip_value};
use crate::stack::on_stack;

/// How [`fit`] trains: with optimizer `O` and loss `L`, in tiles of `BATCH` rows.
///
/// ```
/// use nn_runtime::loss::CrossEntropy;
/// use nn_runtime::optim::Adam;
/// use nn_runtime::train::Fit;
///
/// let options = Fit::new(Adam::new(1e-3), CrossEntropy).epochs(30).batch_size(64).seed(7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fit<O, L, const BATCH: usize = 32> {
    /// The optimizer.
    pub optimizer: O,
    /// The loss.
    pub loss: L,
    /// How often each sample is seen, at least once; 10 unless set.
    pub epochs: usize,
    /// The number of samples of a mini-batch, of which each gives one update; 32 unless set. The last one of an epoch can
    /// be smaller.
    pub batch_size: usize,
    /// What the order of the samples and dropout depend on; 0 unless set.
    pub seed: u64,
    /// The norm to which gradients are [clipped](clip_norm); none unless set.
    pub clip_norm: Option<f64>,
    /// The value to which each gradient is [clipped](clip_value), before the norm; none unless set.
    pub clip_value: Option<f64>,
}

impl<O, L> Fit<O, L> {
    /// The defaults: 10 epochs, mini-batches of 32 samples in tiles of 32 rows, seed 0, no clipping.
    #[must_use]
    pub const fn new(optimizer: O, loss: L) -> Self {
        Self { optimizer, loss, epochs: 10, batch_size: 32, seed: 0, clip_norm: None, clip_value: None }
    }
}

impl<O, L, const BATCH: usize> Fit<O, L, BATCH> {
    /// With another number of epochs.
    #[must_use]
    pub fn epochs(self, epochs: usize) -> Self {
        Self { epochs, ..self }
    }

    /// With mini-batches of another size.
    #[must_use]
    pub fn batch_size(self, batch_size: usize) -> Self {
        Self { batch_size, ..self }
    }

    /// With another seed.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// With gradients clipped to a norm of at most `max`.
    #[must_use]
    pub fn clip_norm(self, max: f64) -> Self {
        Self { clip_norm: Some(max), ..self }
    }

    /// With each gradient clipped to an absolute value of at most `max`.
    #[must_use]
    pub fn clip_value(self, max: f64) -> Self {
        Self { clip_value: Some(max), ..self }
    }

    /// With tiles of `ROWS` rows, which changes speed and memory; a multiple of 16 is fastest.
    #[must_use]
    pub fn tile<const ROWS: usize>(self) -> Fit<O, L, ROWS> {
        let Self { optimizer, loss, epochs, batch_size, seed, clip_norm, clip_value } = self;
        Fit { optimizer, loss, epochs, batch_size, seed, clip_norm, clip_value }
    }
}

/// What is known after an epoch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch<Parts = ()> {
    /// The number of this epoch; the first is 1.
    pub epoch: usize,
    /// The number of all epochs.
    pub epochs: usize,
    /// The mean loss over the epoch's samples, each before the update that it was part of and with its weight.
    pub loss: f64,
    /// The mean loss of each of several outputs; the accuracy is not known.
    pub parts: Parts,
    /// What the network makes of the validation data after the epoch.
    pub validation: Option<Evaluation<Parts>>,
}

impl<Parts: Report> fmt::Display for Epoch<Parts> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, epochs, loss, parts, validation } = self;
        let width = epochs.checked_ilog10().unwrap_or(0) as usize + 1;
        write!(f, "epoch {epoch:width$}/{epochs}  loss {}", Figure(*loss))?;
        parts.write(f)?;
        match validation {
            Some(validation) => write!(f, "  validation {validation}"),
            None => Ok(()),
        }
    }
}

/// Trains a network on data that is shuffled anew for every epoch, and calls `on_epoch` after each.
///
/// The memory of the training run is allocated once, on the heap; it includes a copy of the network.
///
/// ```
/// use nn_runtime::prelude::*;
///
/// network! {
///     struct Quadrant: [2] -> [4] {
///         linear(16), relu,
///         linear(4),
///     }
/// }
///
/// let mut random = rng(1);
/// let inputs: Vec<[f32; 2]> = (0..200).map(|_| {
///     let mut point = [0.0; 2];
///     nn_runtime::init::uniform(&mut point, 1.0, &mut random).map(|()| point)
/// }).collect::<Result<_, _>>()?;
/// let targets: Vec<u8> = inputs.iter().map(|[x, y]| u8::from(*x > 0.0) + 2 * u8::from(*y > 0.0)).collect();
/// let (train, test) = Dataset::new(&inputs, &targets)?.split_at(150)?;
///
/// let mut network = Quadrant::new(&mut rng(0));
/// let options = Fit::new(Adam::new(0.01), CrossEntropy).epochs(20);
/// fit(&mut network, &train, Some(&test), &options, |epoch| println!("{epoch}"))?;
/// assert!(evaluate(&network, &CrossEntropy, &test)?.accuracy > Some(0.9));
/// println!("{}", confusion_matrix(&network, &test)?);
/// # Ok::<(), TrainError>(())
/// ```
///
/// # Errors
///
/// A [`TrainError`] names what is wrong with the data or the options, before anything is trained. A step whose loss or gradient
/// is not finite is [`TrainError::Step`], with its epoch, and the network is as it was before that step; so is a step whose
/// update makes a parameter NaN or infinite, and the network is as it was at the beginning of that epoch. A validation that
/// finds outputs of NaN or a loss that is not finite is [`TrainError::Validation`], and the network is as it was validated.
pub fn fit<N, O, L, Needs, Target, const BATCH: usize>(
    network: &mut N,
    data: &Dataset<N::Input, Target>,
    validation: Option<&Dataset<N::Input, Target>>,
    options: &Fit<O, L, BATCH>,
    mut on_epoch: impl FnMut(&Epoch<ReportOf<N>>),
) -> Result<(), TrainError>
where
    N: Network,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar, Needs>,
    Needs: Fits<N::Ending>,
{
    const { assert!(BATCH > 0, "a tile must have at least one row") };
    let &Fit { ref loss, epochs, seed, .. } = options;
    let loss = &Unchecked::new(loss);
    loss.check_options()?;
    let updates = Updates::new::<N::Parameters, L, BATCH>(options, data.len())?;
    check::<N, _, _, _>(data, loss)?;
    let validation = validation.map(|data| Ok((data, check::<N, _, _, _>(data, loss)?))).transpose();
    let validation = validation.map_err(|refused| TrainError::in_validation(None, refused))?;
    let mut training = Training::<N, O, BATCH>::boxed();
    let mut evaluator = validation.map(|_| Evaluator::<N, BATCH>::boxed());
    training.seed = mix(seed);
    let mut shuffling = rng(seed);
    let mut order: Vec<usize> = (0..data.len()).collect();
    let mut before: Box<N::Parameters> = bytemuck::zeroed_box();
    for epoch in 1..=epochs {
        shuffle(&mut order, |bound| below(bound, &mut shuffling));
        before.as_mut_slice().copy_from_slice(network.as_slice());
        let trained = train_epoch(&mut training, network, loss, data, &order, &updates);
        let (loss_of_epoch, parts) = trained.map_err(|(step, error)| {
            if error.is_after_update() {
                network.as_mut_slice().copy_from_slice(before.as_slice());
            }
            TrainError::in_step(Some(epoch), step, error)
        })?;
        let validation = validation.zip(evaluator.as_mut()).map(|((data, weights), evaluator)| {
            let score = evaluator.score(network, loss, data, weights);
            score.map_err(|refused| TrainError::in_validation(Some(epoch), refused))
        });
        on_epoch(&Epoch { epoch, epochs, loss: loss_of_epoch, parts, validation: validation.transpose()? });
    }
    Ok(())
}

/// The options of the updates, which have been checked.
struct Updates<'a, O> {
    optimizer: Checked<'a, O>,
    batch_size: usize,
    clip_norm: Option<f64>,
    clip_value: Option<f64>,
}

impl<'a, O> Updates<'a, O> {
    /// Checks all options but those of the loss.
    fn new<P, L, const BATCH: usize>(options: &'a Fit<O, L, BATCH>, samples: usize) -> Result<Self, TrainError>
    where
        P: Parameters,
        O: Optimizer<P::Scalar>,
    {
        let &Fit { ref optimizer, epochs, batch_size, clip_norm, clip_value, .. } = options;
        let optimizer = Checked::new::<P::Scalar>(optimizer)?;
        OptionError::check("Fit", "epochs", epochs as f64, epochs > 0, "at least 1")?;
        clip_norm.map_or(Ok(()), |max| OptionError::check_positive::<f64>("Fit", "clip_norm", max))?;
        clip_value.map_or(Ok(()), |max| OptionError::check_positive::<P::Scalar>("Fit", "clip_value", max))?;
        let largest = batch_size.min(samples);
        let last = samples.checked_rem(largest).ok_or(TrainError::NoBatchSize)?;
        check_size::<P>(largest, BATCH)?;
        check_size::<P>(last, BATCH)?;
        Ok(Self { optimizer, batch_size, clip_norm, clip_value })
    }
}

/// One update for each mini-batch of the order, whose samples have been checked; the mean loss, and that of each of several outputs.
/// An error has the number of its step.
fn train_epoch<N, O, L, Target, const BATCH: usize>(
    training: &mut Training<N, O, BATCH>,
    network: &mut N,
    loss: &L,
    data: &Dataset<N::Input, Target>,
    order: &[usize],
    updates: &Updates<O>,
) -> Result<(f64, ReportOf<N>), (u64, StepError)>
where
    N: Network,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar>,
{
    let (mut sums, mut all): (Weights<N>, Weights<N>) = (on_stack(), on_stack());
    for rows in order.chunks(updates.batch_size) {
        let samples = Samples::ordered(*data, rows);
        let weights = samples.weights::<_, N::Output, _>(loss);
        let step = training.next_step();
        train_step(training, network, loss, samples, weights, updates).map_err(|error| (step, error))?;
        let losses = training.losses.as_ref().iter().zip(weights.as_ref());
        for (sum, (loss, weight)) in sums.as_mut().iter_mut().zip(losses) {
            *sum += loss * weight;
        }
        add(all.as_mut(), weights.as_ref());
    }
    let (sums, all) = (sums.as_ref(), all.as_ref());
    let mean = |output: usize| sums.get(output).zip(all.get(output)).map_or(0.0, |(sum, weight)| mean(*sum, *weight));
    let samples = order.len() as u64;
    let parts = N::Output::report(|output| Evaluation { loss: mean(output), samples, ..Evaluation::default() });
    Ok((total_mean(sums, all), parts))
}

/// One update, with the gradient clipped in between if the options say so.
fn train_step<N, O, L, Target, const BATCH: usize>(
    training: &mut Training<N, O, BATCH>,
    network: &mut N,
    loss: &L,
    samples: Samples<N::Input, Target>,
    weights: Weights<N>,
    updates: &Updates<O>,
) -> Result<(), StepError>
where
    N: Network,
    O: Optimizer<N::Scalar>,
    L: Loss<Target, N::Output, N::Scalar>,
{
    let &Updates { optimizer, clip_value: max_value, clip_norm: max_norm, .. } = updates;
    // before it is clipped, as an infinite value would become a finite one
    let checks_gradient = max_value.is_some() || max_norm.is_some();
    let (network, frozen) = network.parts_mut();
    let work = Backpropagation { training, network, frozen, loss, samples, weights, checks_gradient };
    enter::<N::Parameters, _, BATCH>(work)?;
    if let Some(max) = max_value {
        clip_value(&mut training.gradient, max)?;
    }
    if let Some(max) = max_norm {
        clip_norm(&mut training.gradient, max)?;
    }
    training.apply(network, optimizer)
}

/// Fisher and Yates' shuffle, in Durstenfeld's form; `below` draws a number less than its argument.
fn shuffle(order: &mut [usize], mut below: impl FnMut(usize) -> usize) {
    for last in (1..order.len()).rev() {
        order.swap(last, below(last + 1));
    }
}
