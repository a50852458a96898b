//! A whole training run, described in one chain of calls.

mod cores;
mod epoch;
mod error;
mod find_lr;
mod options;
mod renew;
mod run;
#[cfg(all(feature = "std", feature = "safetensors"))]
mod save;
mod state;
mod step;
mod validation;
mod watch;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;

pub use epoch::Epoch;
pub use error::FitError;
pub use find_lr::{LrCurve, LrFinder};
use options::Options;
#[cfg(all(feature = "std", feature = "safetensors"))]
pub(super) use state::{State, Sums};
use watch::Watch;

use super::{Average, EarlyStopping, FitReport, ReportOf};
use crate::data::Dataset;
use crate::loss::Loss;
use crate::loss::needs::Fits;
use crate::metrics::Metric;
use crate::network::{Network, Parameters};
use crate::optim::Optimizer;
use crate::schedule::Schedule;

/// A training run: trains a network with parameters `P` by optimizer `O` on loss `L`, with metrics `M`, in tiles of `BATCH` rows. Every part
/// but optimizer and loss is optional.
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
/// let (train, validation) = Dataset::new(&inputs, &targets)?.split_at(150)?;
///
/// let mut network = Quadrant::new(&mut rng(0));
/// let report = Fit::new(Adam::new(0.01), CrossEntropy)
///     .batch_size(16).epochs(40).seed(7)
///     .schedule(OneCycle::new(0.05))
///     .validation(&validation)
///     .early_stopping(EarlyStopping::new().patience(5).restore_best())
///     .on_epoch(|run| println!("{run}"))
///     .run(&mut network, &train)?;
/// println!("{report}");
/// assert!(evaluate(&network, &CrossEntropy, &validation)?.accuracy > Some(0.9));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The same seed gives the same bits, run after run. The memory of a run is allocated once, on the heap; it includes copies of the network.
///
/// A loop of one's own is not longer: see [`Training::step_rows`](super::Training::step_rows).
#[must_use = "a run begins with `run`"]
pub struct Fit<'a, P: Parameters, O, L, Target, M = (), const BATCH: usize = 32> {
    optimizer: O,
    loss: L,
    metrics: M,
    options: Options,
    validation: Option<Dataset<'a, P::Input, Target>>,
    monitor: Option<String>,
    schedule: Option<Box<dyn Schedule + 'a>>,
    early_stopping: Option<EarlyStopping>,
    average: Option<Average>,
    #[cfg(feature = "threads")]
    threads: Option<usize>,
    on_step: Vec<OnStep<'a, P, O>>,
    on_epoch: Vec<OnEpoch<'a, P, O>>,
    watch: Watch<'a>,
}

type OnStep<'a, P, O> = Box<dyn FnMut(&mut AfterStep<'_, P, O>) -> ControlFlow<()> + 'a>;
type OnEpoch<'a, P, O> = Box<dyn FnMut(&mut AfterEpoch<'_, P, O>) -> ControlFlow<()> + 'a>;

/// What a callback sees after an update.
#[derive(Debug)]
#[non_exhaustive]
pub struct AfterStep<'r, P, O> {
    /// The network's parameters.
    pub network: &'r mut P,
    /// The optimizer of the next updates. A [schedule](Fit::schedule) takes its learning rate as the initial one.
    pub optimizer: &'r mut O,
    /// The epoch, from 1.
    pub epoch: usize,
    /// The number of updates so far.
    pub step: u64,
    /// The mean loss of the mini-batch, before its update.
    pub loss: f64,
    /// The learning rate of the update; with [`Groups`](crate::optim::Groups) the rate of the stages that are in no group.
    pub lr: f64,
}

/// What a callback sees after an epoch. Printed, it is the epoch's line.
#[derive(Debug)]
#[non_exhaustive]
pub struct AfterEpoch<'r, P: Parameters, O> {
    /// The network's parameters.
    pub network: &'r mut P,
    /// The optimizer of the next updates. A [schedule](Fit::schedule) takes its learning rate as the initial one.
    pub optimizer: &'r mut O,
    /// The epoch, from 1.
    pub epoch: usize,
    /// The number of updates so far.
    pub step: u64,
    /// What was measured in this epoch.
    pub results: &'r Epoch<ReportOf<P>>,
    /// What was measured after each epoch, this one included.
    pub history: &'r super::History,
    /// Whether this is the best epoch so far.
    pub is_best: bool,
}

impl<P: Parameters, O> core::fmt::Display for AfterEpoch<'_, P, O> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(self.results, f)
    }
}

/// What a callback may return: nothing, or whether the run goes on.
#[diagnostic::on_unimplemented(
    message = "a callback returns nothing or a `ControlFlow`, but this one returns `{Self}`",
    note = "`ControlFlow::Break(())` ends the run, `ControlFlow::Continue(())` lets it go on"
)]
pub trait Flow {
    /// Whether the run goes on.
    fn flow(self) -> ControlFlow<()>;
}

impl Flow for () {
    fn flow(self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl Flow for ControlFlow<()> {
    fn flow(self) -> ControlFlow<()> {
        self
    }
}

impl<P: Parameters, O, L, Target> Fit<'_, P, O, L, Target> {
    /// A run with the defaults: 10 epochs, mini-batches of 32 samples in tiles of 32 rows, seed 0, nothing else.
    pub fn new(optimizer: O, loss: L) -> Self {
        Self {
            optimizer,
            loss,
            metrics: (),
            options: Options::new(),
            validation: None,
            monitor: None,
            schedule: None,
            early_stopping: None,
            average: None,
            #[cfg(feature = "threads")]
            threads: None,
            on_step: Vec::new(),
            on_epoch: Vec::new(),
            watch: Watch::default(),
        }
    }
}

impl<'a, P: Parameters, O, L, Target, M, const BATCH: usize> Fit<'a, P, O, L, Target, M, BATCH> {
    /// The number of epochs, each a pass over all samples; 10 unless set.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.options.epochs = epochs;
        self
    }

    /// The number of samples of a mini-batch; 32 unless set. The last one of an epoch can be smaller.
    ///
    /// It may be larger than a tile: a large mini-batch needs no more memory.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.options.batch_size = batch_size;
        self
    }

    /// Leaves out the last mini-batch of an epoch if it is smaller than the others. PyTorch's `drop_last`.
    pub fn drop_last(mut self) -> Self {
        self.options.drops_last = true;
        self
    }

    /// The number of mini-batches whose gradients are accumulated for an update; 1 unless set. Keras's `gradient_accumulation_steps`.
    ///
    /// The gradient is that of the mean loss over all their samples, so a larger `batch_size` gives the same and needs no more memory.
    /// Batch normalisation is the exception: its statistics are those of each mini-batch.
    pub fn gradient_accumulation_steps(mut self, mini_batches: usize) -> Self {
        self.options.accumulation = mini_batches;
        self
    }

    /// The seed of the order of the samples and of dropout; 0 unless set.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// [Clips](crate::optim::clip_norm) gradients to a norm of at most `max`.
    pub fn clip_norm(mut self, max: f64) -> Self {
        self.options.clip_norm = Some(max);
        self
    }

    /// [Clips](crate::optim::clip_value) each gradient to an absolute value of at most `max`, before the norm.
    pub fn clip_value(mut self, max: f64) -> Self {
        self.options.clip_value = Some(max);
        self
    }

    /// Computes the learning rate of every update by a schedule, whose initial rate is the optimizer's.
    pub fn schedule(mut self, schedule: impl Schedule + 'a) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Evaluates the network on other data after every epoch.
    pub fn validation(mut self, data: &Dataset<'a, P::Input, Target>) -> Self {
        self.validation = Some(*data);
        self
    }

    /// Measures more than the loss on the validation data: a [`Metric`], or a tuple of them.
    pub fn metrics<Metrics>(self, metrics: Metrics) -> Fit<'a, P, O, L, Target, Metrics, BATCH> {
        self.with(|_| metrics)
    }

    /// Processes mini-batches in tiles of `ROWS` rows; 32 unless set. It changes speed and memory; a multiple of 16 is fastest.
    pub fn tile<const ROWS: usize>(self) -> Fit<'a, P, O, L, Target, M, ROWS> {
        self.with(|metrics| metrics)
    }

    /// The column of the [history](super::History) by which epochs are compared, for early stopping, for the best checkpoint and for
    /// [`ReduceOnPlateau`](crate::schedule::ReduceOnPlateau): `val_loss` unless set, or `loss` without validation data.
    pub fn monitor(mut self, column: impl Into<String>) -> Self {
        self.monitor = Some(column.into());
        self
    }

    /// Ends the run when it no longer improves.
    pub fn early_stopping(mut self, early_stopping: EarlyStopping) -> Self {
        self.early_stopping = Some(early_stopping);
        self
    }

    /// Averages the parameters over the run. The average is validated, and it is in the network at the end.
    ///
    /// Statistics of batch normalisation are renewed for the average, by one more pass over the data, as by PyTorch's `update_bn`.
    pub fn average(mut self, average: Average) -> Self {
        self.average = Some(average);
        self
    }

    /// Trains and validates on this number of threads, including the calling one.
    ///
    /// The bits are the same on any number of threads, 1 included. Without this, the gradient of a mini-batch of more than one
    /// [group](super::Workers) of tiles is summed in another order, and differs in its last digits.
    ///
    /// A mini-batch of a single group keeps one thread busy: choose a [`batch_size`](Self::batch_size) of several tiles.
    #[cfg(feature = "threads")]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Saves the run in a folder, and resumes it if the folder has a run that was stopped: see [`Checkpoint`](super::Checkpoint). The path of the folder is enough.
    ///
    /// ```no_run
    /// # use nn_runtime::prelude::*;
    /// # network! { struct Net: [1] -> [1] { linear(1) } }
    /// # let (mut network, data) = (Net::new(&mut rng(0)), Dataset::new(&[[0.0], [1.0]], &[[1.0], [3.0]])?);
    /// Fit::new(Adam::new(0.1), Mse).epochs(1000).checkpoint("runs/line").run(&mut network, &data)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(all(feature = "std", feature = "safetensors"))]
    pub fn checkpoint(mut self, checkpoint: impl Into<super::Checkpoint>) -> Self {
        self.watch.checkpoint = Some(checkpoint.into());
        self
    }

    /// Shows a progress bar on standard error: loss, learning rate, samples a second, time left. A line stays for each epoch. Where there is no
    /// terminal, these lines are all.
    #[cfg(feature = "progress")]
    pub fn progress(self) -> Self {
        self.observer(super::observe::Progress::new())
    }

    /// Writes the [history](super::History) into a file of comma-separated values, as Keras's `CSVLogger`: a line for each epoch, when it is over.
    #[cfg(feature = "std")]
    pub fn log_csv(self, path: impl Into<std::path::PathBuf>) -> Self {
        self.observer(super::observe::Csv::new(path))
    }

    /// Writes the [history](super::History) into a JSON file, as Keras's `History.history`: a list for each column.
    #[cfg(feature = "std")]
    pub fn log_json(self, path: impl Into<std::path::PathBuf>) -> Self {
        self.observer(super::observe::Json::new(path))
    }

    /// Writes an event file for TensorBoard into a folder, with the tags and the runs `train` and `validation` of Keras's `TensorBoard`.
    #[cfg(feature = "tensorboard")]
    pub fn log_tensorboard(self, folder: impl Into<std::path::PathBuf>) -> Self {
        self.observer(super::observe::TensorBoard::new(folder))
    }

    /// Ends the run when Ctrl-C is pressed, after the current update. As at every end of a run, the checkpoint is saved, and the best network is
    /// restored if early stopping is to do so; then the program goes on. A second Ctrl-C ends the program.
    #[cfg(feature = "ctrl_c")]
    pub fn stop_on_ctrl_c(mut self) -> Self {
        self.watch.stops_on_ctrl_c = true;
        self
    }

    #[cfg(feature = "std")]
    fn observer(mut self, observer: impl super::observe::Observer + 'a) -> Self {
        self.watch.observers.push(Box::new(observer));
        self
    }

    /// Calls a function after every update. It may change the network and the optimizer, and end the run: by
    /// `ControlFlow::Break(())`.
    ///
    /// To use the methods of the network in it, give its type: `|run: &mut AfterStep<Net, _>|`.
    pub fn on_step<F: Flow>(mut self, mut callback: impl FnMut(&mut AfterStep<'_, P, O>) -> F + 'a) -> Self {
        self.on_step.push(Box::new(move |run| callback(run).flow()));
        self
    }

    /// Calls a function after every epoch, as [`on_step`](Self::on_step).
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use nn_runtime::prelude::*;
    ///
    /// # network! { struct Net: [1] -> [1] { linear(1) } }
    /// # let (mut network, data) = (Net::new(&mut rng(0)), Dataset::new(&[[0.0], [1.0]], &[[1.0], [3.0]])?);
    /// let report = Fit::new(Adam::new(0.1), Mse).epochs(10_000).on_epoch(|run| {
    ///     run.optimizer.lr *= 0.999;
    ///     if run.results.loss < 1e-4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    /// }).run(&mut network, &data)?;
    /// assert!(report.epochs < 10_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on_epoch<F: Flow>(mut self, mut callback: impl FnMut(&mut AfterEpoch<'_, P, O>) -> F + 'a) -> Self {
        self.on_epoch.push(Box::new(move |run| callback(run).flow()));
        self
    }

    /// The same run with other metrics, and tiles of another size.
    fn with<Metrics, const ROWS: usize>(
        self,
        metrics: impl FnOnce(M) -> Metrics,
    ) -> Fit<'a, P, O, L, Target, Metrics, ROWS> {
        Fit {
            optimizer: self.optimizer,
            loss: self.loss,
            metrics: metrics(self.metrics),
            options: self.options,
            validation: self.validation,
            monitor: self.monitor,
            schedule: self.schedule,
            early_stopping: self.early_stopping,
            average: self.average,
            #[cfg(feature = "threads")]
            threads: self.threads,
            on_step: self.on_step,
            on_epoch: self.on_epoch,
            watch: self.watch,
        }
    }

    /// Trains the network on data that is shuffled anew for every epoch.
    ///
    /// The run begins from the network's parameters. It can be run again: each run begins with a new optimizer state.
    ///
    /// # Errors
    ///
    /// A [`FitError`] names what is wrong with the data or the options, before anything is trained. Later there are two:
    ///
    /// - [`TrainError::Step`](super::TrainError::Step), with epoch and step, where a loss or a gradient is not finite: the network is as it was before
    ///   that step. Where the update itself makes a parameter NaN or infinite, the network is as it was at the
    ///   beginning of the epoch, or where the run was resumed in it.
    /// - [`TrainError::Validation`](super::TrainError::Validation) where a validation finds an output of NaN or a loss that is not finite: the network
    ///   is the one that was validated.
    pub fn run<N, Needs>(&mut self, network: &mut N, data: &Dataset<P::Input, Target>) -> Result<FitReport, FitError>
    where
        N: Network<Parameters = P>,
        O: Optimizer<P::Scalar> + Clone + Sync,
        L: Loss<Target, P::Output, P::Scalar, Needs> + Sync,
        M: Metric<Target, P::Output, P::Scalar> + Sync,
        Needs: Fits<P::Ending>,
        Target: Sync,
    {
        let (network, frozen) = network.parts_mut();
        run::run(self, network, frozen, *data)
    }
}
