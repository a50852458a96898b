//! The loop of a run.

use alloc::boxed::Box;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::ops::ControlFlow;

#[cfg(all(feature = "std", feature = "safetensors"))]
use super::super::checkpoint::Store;
use super::super::diagnosis::diagnose;
use super::super::early_stopping::best;
use super::super::record::{Plan, StepRecord};
use super::super::samples::{Samples, check};
use super::super::{Ended, Evaluation, FitReport, History, Report, ReportOf, TrainError, shuffle};
use super::cores::Cores;
use super::options::Options;
use super::state::State;
use super::validation::{Validation, measured};
use super::watch::Watch;
use super::{AfterEpoch, AfterStep, Average, EarlyStopping, Epoch, Fit, FitError, OnEpoch, OnStep, renew, step};
use crate::data::Dataset;
use crate::loss::needs::Fits;
use crate::loss::{Loss, Unchecked};
use crate::metrics::{Measured, Metric, Mode};
use crate::network::{OutputRow as _, Parameters, WithFrozen};
use crate::optim::{Checked, Optimizer, StepError};
use crate::schedule::{Moment, Schedule};

/// Checks everything, and trains.
pub(super) fn run<P, O, L, Needs, Target, M, const BATCH: usize>(
    fit: &mut Fit<'_, P, O, L, Target, M, BATCH>,
    network: &mut P,
    frozen: &P::Frozen,
    data: Dataset<P::Input, Target>,
) -> Result<FitReport, FitError>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Clone + Sync,
    L: Loss<Target, P::Output, P::Scalar, Needs> + Sync,
    M: Metric<Target, P::Output, P::Scalar> + Sync,
    Needs: Fits<P::Ending>,
    Target: Sync,
{
    const { assert!(BATCH > 0, "a tile must have at least one row") };
    let Fit { optimizer, loss, metrics, options, validation, monitor, schedule, .. } = fit;
    let Fit { early_stopping, average, on_step, on_epoch, watch, .. } = fit;
    let (loss, mut schedule) = (&Unchecked::new(&*loss), schedule.as_deref_mut());
    loss.check_options()?;
    Checked::new::<P::Scalar>(&*optimizer)?;
    options.check::<P>(data.len(), BATCH)?;
    early_stopping.map_or(Ok(()), |stopping| stopping.check_options())?;
    average.map_or(Ok(()), |average| average.check_options())?;
    if let Some(schedule) = &mut schedule {
        schedule.check_options()?;
        schedule.reset();
    }
    check::<P, _, _, _>(&data, loss).map_err(TrainError::from)?;
    let validation = validation.map(|data| Validation::<P, Target, BATCH>::new(data, loss)).transpose()?;
    let mut run = Run {
        options: *options,
        loss,
        metrics,
        data,
        network,
        frozen,
        average: *average,
        early_stopping: *early_stopping,
        monitor: (String::new(), Mode::Min),
        validation,
        schedule,
        on_step,
        on_epoch,
        watch,
        order: alloc::vec![0; data.len()],
        cores: Cores::one(),
        state: State::new(optimizer.clone(), options.seed),
        before: bytemuck::zeroed_box(),
        resumed_at: None,
        #[cfg(all(feature = "std", feature = "safetensors"))]
        store: None,
    };
    #[cfg(feature = "threads")]
    if let Some(threads) = fit.threads {
        run.cores.workers = Some(super::super::Workers::new(super::super::Threads::new(threads)?));
    }
    run.choose_monitor(monitor.as_deref())?;
    let report = run.train();
    if report.is_err() {
        #[cfg(all(feature = "std", feature = "safetensors"))]
        run.save_best();
        run.watch.abandon(&run.state.history);
    }
    report
}

/// A run: what does not change in it, and what does.
pub(super) struct Run<'r, 'd, P, O, L, Target, M, const BATCH: usize>
where
    P: Parameters,
    O: Optimizer<P::Scalar>,
{
    pub(super) options: Options,
    pub(super) loss: &'r L,
    pub(super) metrics: &'r M,
    pub(super) data: Dataset<'r, P::Input, Target>,
    pub(super) network: &'r mut P,
    pub(super) frozen: &'r P::Frozen,
    pub(super) average: Option<Average>,
    pub(super) early_stopping: Option<EarlyStopping>,
    /// The column of the history that says how good an epoch is.
    pub(super) monitor: (String, Mode),
    pub(super) validation: Option<Validation<'d, P, Target, BATCH>>,
    pub(super) schedule: Option<&'r mut (dyn Schedule + 'd)>,
    pub(super) on_step: &'r mut Vec<OnStep<'d, P, O>>,
    pub(super) on_epoch: &'r mut Vec<OnEpoch<'d, P, O>>,
    pub(super) watch: &'r mut Watch<'d>,
    /// The order of the samples in this epoch.
    pub(super) order: Vec<usize>,
    cores: Cores<P, BATCH>,
    pub(super) state: State<P, O, BATCH>,
    /// The network at the beginning of the epoch, or where the run went on.
    pub(super) before: Box<P>,
    /// The updates of the run that a checkpoint had, if it goes on from one.
    pub(super) resumed_at: Option<u64>,
    #[cfg(all(feature = "std", feature = "safetensors"))]
    pub(super) store: Option<super::super::checkpoint::Store>,
}

impl<P, O, L, Target, M, const BATCH: usize> Run<'_, '_, P, O, L, Target, M, BATCH>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Clone + Sync,
    L: Loss<Target, P::Output, P::Scalar> + Sync,
    M: Metric<Target, P::Output, P::Scalar> + Sync,
    Target: Sync,
{
    /// Finds the column that is monitored, by what a tile of the validation data gives.
    fn choose_monitor(&mut self, name: Option<&str>) -> Result<(), FitError> {
        let (mut validated, mut found, mut refused) = (None, Vec::new(), None);
        if let Some(validation) = &mut self.validation {
            let network = WithFrozen::new(&*self.network, self.frozen);
            match validation.try_out(&network, self.loss, self.metrics) {
                Ok((evaluation, measured)) => (validated, found) = (Some(evaluation), measured),
                // a network that is not trained yet may overflow, which matters only if it hides what is monitored
                Err(error) => {
                    let parts = P::Output::report(|_| Evaluation::default());
                    validated = Some(Evaluation { loss: f64::NAN, accuracy: None, samples: 0, parts });
                    refused = Some(error);
                }
            }
        } else if !measured::<Target, P, M>(self.metrics, &M::State::default()).is_empty() {
            return Err(FitError::NoValidation);
        }
        let epoch = self.state.epoch_record(self.options.epochs, validated, found);
        let keeps_best = self.early_stopping.is_some_and(|stopping| stopping.restores_best);
        #[cfg(all(feature = "std", feature = "safetensors"))]
        let keeps_best = keeps_best || self.watch.checkpoint.is_some();
        self.state.best_network = keeps_best.then(bytemuck::zeroed_box);
        self.state.average = self.average.map(|_| (bytemuck::zeroed_box(), 0));
        let default = if self.validation.is_some() { "val_loss" } else { "loss" };
        let name = name.unwrap_or(default);
        let columns = columns(&epoch);
        let monitored = columns.iter().find(|(column, mode, _)| column == name && mode.is_some());
        if let Some((column, Some(mode), _)) = monitored {
            self.monitor = (column.clone(), *mode);
        } else if let Some(error) = refused {
            return Err(error.into());
        } else {
            let columns = columns.into_iter().filter(|(_, mode, _)| mode.is_some()).map(|(column, ..)| column);
            return Err(FitError::Monitor { name: name.into(), columns: columns.collect() });
        }
        Ok(())
    }

    fn train(&mut self) -> Result<FitReport, FitError> {
        let steps_per_epoch = self.options.steps_per_epoch(self.data.len());
        let samples = self.options.samples_per_epoch(self.data.len());
        let monitor = self.monitor.0.clone();
        let plan = Plan { samples, steps_per_epoch, epochs: self.options.epochs, monitor };
        #[cfg(all(feature = "std", feature = "safetensors"))]
        self.open_store()?;
        self.watch.begin(&plan, &self.state.history)?;
        #[cfg(feature = "std")]
        self.watch.note_once(super::super::observe::unoptimised_note());
        self.tell_resumed();
        let mut ended = Ended::Complete;
        while self.state.epoch < self.options.epochs {
            if self.is_stopped_early() {
                ended = Ended::EarlyStopping;
                break;
            }
            if let ControlFlow::Break(reason) = self.epoch(&plan)? {
                ended = reason;
                break;
            }
        }
        Ok(self.finish(ended))
    }

    /// One epoch, or what is left of it.
    fn epoch(&mut self, plan: &Plan) -> Result<ControlFlow<Ended>, FitError> {
        shuffle(&mut self.order, self.options.seed, self.state.epoch as u64);
        self.before.as_mut_slice().copy_from_slice(self.network.as_slice());
        while self.state.position < plan.samples {
            self.step(plan)?;
            if let ControlFlow::Break(reason) = self.after_step() {
                return Ok(ControlFlow::Break(reason));
            }
            // after the callbacks, which may have changed something
            #[cfg(all(feature = "std", feature = "safetensors"))]
            if self.store.as_mut().is_some_and(Store::is_due) && self.state.position < plan.samples {
                self.save();
            }
        }
        self.after_epoch()
    }

    /// One update.
    #[inline(always)]
    fn step(&mut self, plan: &Plan) -> Result<(), FitError> {
        let State { training, optimizer, initial, epoch, position, sums, .. } = &mut self.state;
        if !self.on_step.is_empty() || !self.on_epoch.is_empty() {
            optimizer.clone_from(initial);
        }
        if let Some(schedule) = self.schedule.as_deref() {
            let now = Moment::at(training.steps, plan.steps_per_epoch, plan.epochs as u64);
            for (lr, initial) in optimizer.learning_rates().zip(initial.learning_rates()) {
                *lr = schedule.lr(*initial, now);
            }
        }
        let end = plan.samples.min(*position + self.options.samples_per_step());
        let samples = Samples::ordered(self.data, self.order.get(*position..end).unwrap_or_default());
        let made = step::step(
            &mut self.cores,
            training,
            self.network,
            self.frozen,
            self.loss,
            samples,
            optimizer,
            &self.options,
        );
        match made {
            Ok(weights) => sums.add(training.losses.as_ref(), weights.as_ref()),
            Err(error) => return Err(self.refused(error, end)),
        }
        *position = end;
        if let Some(average) = self.average.filter(|average| average.takes(*epoch + 1, end == plan.samples)) {
            self.state.average(average, self.network);
        }
        Ok(())
    }

    /// What is wrong with the step on the samples up to a position.
    #[cold]
    #[inline(never)]
    fn refused(&mut self, error: StepError, end: usize) -> FitError {
        let State { training, epoch, position, .. } = &mut self.state;
        let samples = Samples::ordered(self.data, self.order.get(*position..end).unwrap_or_default());
        let number = if error.is_after_update() { training.steps } else { training.next_step() };
        if error.is_after_update() {
            self.network.as_mut_slice().copy_from_slice(self.before.as_slice());
        }
        FitError::in_step(*epoch + 1, number, diagnose(error, training, self.network, self.frozen, samples))
    }

    /// Calls callbacks and observers after an update.
    #[inline(always)]
    fn after_step(&mut self) -> ControlFlow<Ended> {
        if !self.on_step.is_empty() && self.call_on_step().is_break() {
            return ControlFlow::Break(Ended::Callback);
        }
        if self.watch.is_watching() {
            let lr = self.state.lr();
            let State { training, epoch, position, .. } = &self.state;
            self.watch.step(&StepRecord {
                epoch: epoch + 1,
                step: training.steps,
                step_of_epoch: position.div_ceil(self.options.samples_per_step()) as u64,
                samples: *position,
                loss: training.mean_loss(),
                lr,
            });
        }
        if self.watch.is_interrupted() { ControlFlow::Break(Ended::Interrupt) } else { ControlFlow::Continue(()) }
    }

    fn call_on_step(&mut self) -> ControlFlow<()> {
        let lr = self.state.lr();
        let State { training, initial, epoch, .. } = &mut self.state;
        let (step, loss, epoch) = (training.steps, training.mean_loss(), *epoch + 1);
        let mut is_stopped = false;
        for callback in &mut *self.on_step {
            let mut after = AfterStep { network: self.network, optimizer: initial, epoch, step, loss, lr };
            is_stopped |= callback(&mut after).is_break();
        }
        if is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Validates, then calls callbacks and observers after an epoch.
    fn after_epoch(&mut self) -> Result<ControlFlow<Ended>, FitError> {
        self.swap_average();
        self.renew_statistics();
        // an error leaves the network as it was validated
        let (validated, measured) = self.validate(self.state.epoch + 1)?;
        let epoch = self.state.epoch_record(self.options.epochs, validated, measured);
        self.state.history.push(columns(&epoch));
        let is_best = self.take_best();
        self.swap_average();
        if let Some((schedule, value)) = self.schedule.as_deref_mut().zip(self.state.history.last(&self.monitor.0)) {
            schedule.observe(value, self.monitor.1);
        }
        self.state.begin_epoch();
        let flow = self.call_on_epoch(&epoch, is_best);
        self.watch.epoch(&self.state.history, &epoch);
        #[cfg(all(feature = "std", feature = "safetensors"))]
        self.save_after_epoch(is_best);
        Ok(if flow.is_break() { ControlFlow::Break(Ended::Callback) } else { ControlFlow::Continue(()) })
    }

    fn call_on_epoch(&mut self, results: &Epoch<ReportOf<P>>, is_best: bool) -> ControlFlow<()> {
        if self.on_epoch.is_empty() {
            return ControlFlow::Continue(());
        }
        let State { training, initial, history, .. } = &mut self.state;
        let (step, history) = (training.steps, &*history);
        let mut is_stopped = false;
        for callback in &mut *self.on_epoch {
            let network = &mut *self.network;
            let (optimizer, results, epoch) = (&mut *initial, results, results.epoch);
            let mut after = AfterEpoch { network, optimizer, epoch, step, results, history, is_best };
            is_stopped |= callback(&mut after).is_break();
        }
        if is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Evaluates the network, or the average of its parameters, on the validation data.
    fn validate(&mut self, epoch: usize) -> Result<Validated<P>, FitError> {
        let Some(validation) = &mut self.validation else { return Ok((None, Vec::new())) };
        let network = WithFrozen::new(&*self.network, self.frozen);
        let (evaluation, measured) = validation.run(&self.cores, &network, self.loss, self.metrics, epoch)?;
        Ok((Some(evaluation), measured))
    }

    /// Swaps the network and the average of its parameters, if there is one.
    pub(super) fn swap_average(&mut self) {
        if let Some((average, 1..)) = &mut self.state.average {
            self.network.as_mut_slice().swap_with_slice(average.as_mut_slice());
        }
    }

    /// Renews the statistics of batch normalisation of an average that stands in the place of the network.
    fn renew_statistics(&mut self) {
        if matches!(self.state.average, Some((_, 1..))) {
            let training = &mut self.state.training;
            renew::renew(training, self.network, self.frozen, self.loss, self.data, &self.order, &self.options);
        }
    }

    /// Keeps the network if the last epoch is the best.
    fn take_best(&mut self) -> bool {
        let State { history, best_network, .. } = &mut self.state;
        let is_best =
            best_of(history, &self.monitor, self.early_stopping).is_some_and(|(epoch, _)| epoch == history.epochs());
        if let Some(best) = best_network.as_mut().filter(|_| is_best) {
            best.as_mut_slice().copy_from_slice(self.network.as_slice());
        }
        is_best
    }

    /// Reports that the run resumes from a checkpoint, or that nothing is left to train.
    fn tell_resumed(&mut self) {
        let Some(step) = self.resumed_at else { return };
        let (epoch, epochs) = (self.state.epoch, self.options.epochs);
        let text = if epoch >= epochs || self.is_stopped_early() {
            alloc::format!(
                "nothing is trained: the run of the checkpoint is over, after {epoch} epochs\n\
                 help: set more `epochs`, or more `patience` if it was stopped early, or begin anew: `Checkpoint::new(..).restart()`"
            )
        } else {
            alloc::format!("going on from a checkpoint after step {step}; {epoch} of {epochs} epochs are complete")
        };
        self.watch.note(&text);
    }

    fn is_stopped_early(&self) -> bool {
        let values = self.state.history.get(&self.monitor.0).unwrap_or_default();
        self.early_stopping.is_some_and(|stopping| stopping.is_over(self.monitor.1, values))
    }

    /// Leaves the network that was asked for, and reports.
    fn finish(&mut self, ended: Ended) -> FitReport {
        self.swap_average();
        if self.state.position > 0 {
            // a resumed run that trains nothing has not shuffled yet
            shuffle(&mut self.order, self.options.seed, self.state.epoch as u64);
            self.renew_statistics();
        }
        #[cfg(all(feature = "std", feature = "safetensors"))]
        {
            self.swap_average();
            self.save();
            self.swap_average();
        }
        let best = best_of(&self.state.history, &self.monitor, self.early_stopping);
        let restores = self.early_stopping.is_some_and(|stopping| stopping.restores_best) && best.is_some();
        if let Some(network) = self.state.best_network.as_ref().filter(|_| restores) {
            self.network.as_mut_slice().copy_from_slice(network.as_slice());
        }
        let mut report = FitReport {
            epochs: self.state.epoch,
            steps: self.state.training.steps,
            ended,
            monitor: core::mem::take(&mut self.monitor.0),
            best,
            is_best_restored: restores,
            resumed_at: self.resumed_at,
            history: core::mem::take(&mut self.state.history),
            warnings: Vec::new(),
        };
        self.watch.end(&report);
        report.warnings = self.watch.take_warnings();
        report
    }
}

/// What is found of the validation data.
type Validated<P> = (Option<Evaluation<ReportOf<P>>>, Vec<Measured>);

/// The best epoch, from 1, and its value.
pub(super) fn best_of(
    history: &History,
    (monitor, mode): &(String, Mode),
    stopping: Option<EarlyStopping>,
) -> Option<(usize, f64)> {
    let first = stopping.map_or(0, |stopping| stopping.start_from_epoch);
    best(*mode, history.get(monitor)?, first).map(|(position, value)| (position + 1, value))
}

/// The columns of the history, with the values of an epoch. The whole comes before an output that is called `val`, and a metric before what the
/// loss says of itself.
fn columns<Parts: Report>(epoch: &Epoch<Parts>) -> Vec<(String, Option<Mode>, f64)> {
    let (min, max) = (Some(Mode::Min), Some(Mode::Max));
    let mut columns: Vec<(String, _, _)> = Vec::new();
    let mut add = |name: String, mode, value, replaces| match columns.iter_mut().find(|(known, ..)| *known == name) {
        Some(column) if replaces => *column = (name, mode, value),
        Some(_) => {}
        None => columns.push((name, mode, value)),
    };
    add("loss".to_string(), min, epoch.loss, false);
    epoch.parts.each(&mut |name, part| add(alloc::format!("{name}_loss"), min, part.loss, false));
    if let Some(validation) = &epoch.validation {
        add("val_loss".to_string(), min, validation.loss, true);
        if let Some(accuracy) = validation.accuracy {
            add("val_accuracy".to_string(), max, accuracy, false);
        }
        validation.parts.each(&mut |name, part| {
            add(alloc::format!("val_{name}_loss"), min, part.loss, false);
            if let Some(accuracy) = part.accuracy {
                add(alloc::format!("val_{name}_accuracy"), max, accuracy, false);
            }
        });
    }
    for measured in &epoch.metrics {
        add(alloc::format!("val_{measured}"), Some(measured.mode), measured.value, true);
    }
    add("lr".to_string(), None, epoch.lr, false);
    columns
}
