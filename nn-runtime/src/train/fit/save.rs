//! Saving a run, and going on from there.

use alloc::string::ToString as _;
use alloc::vec::Vec;

use super::super::checkpoint::{Fixed, Store};
use super::run::{Run, best_of};
use super::{Average, FitError};
use crate::loss::Loss;
use crate::metrics::Metric;
use crate::network::Parameters;
use crate::optim::Optimizer;
use crate::scalar::are_finite;

impl<P, O, L, Target, M, const BATCH: usize> Run<'_, '_, P, O, L, Target, M, BATCH>
where
    P: Parameters,
    O: Optimizer<P::Scalar> + Clone + Sync,
    L: Loss<Target, P::Output, P::Scalar> + Sync,
    M: Metric<Target, P::Output, P::Scalar> + Sync,
    Target: Sync,
{
    /// Opens the folder of the checkpoint, if there is one, and goes on from what is there.
    pub(super) fn open_store(&mut self) -> Result<(), FitError> {
        let Some(checkpoint) = self.watch.checkpoint.clone() else { return Ok(()) };
        let options = &self.options;
        let numbers = [
            ("the number of samples", self.data.len() as u64),
            ("`batch_size`", options.batch_size as u64),
            ("`gradient_accumulation_steps`", options.accumulation as u64),
            ("`drop_last`", u64::from(options.drops_last)),
            ("`seed`", options.seed),
        ];
        let rates: Vec<f64> = self.state.initial.learning_rates().map(|lr| *lr).collect();
        let average = match self.average {
            None => "none",
            Some(Average::Ema { .. }) => "ema",
            Some(Average::Swa { .. }) => "swa",
        };
        let fixed = Fixed::new::<P>(self.frozen, rates, numbers, &self.monitor.0, average);
        let mut store = Store::open(checkpoint, fixed)?;
        if store.resume(self.network, &mut self.state, self.options.epochs)? {
            self.resumed_at = Some(self.state.training.steps);
            // the run may have been killed between writing its own file and that of the best network
            store.has_new_best = best_of(&self.state.history, &self.monitor, self.early_stopping).is_some();
            let values = self.state.history.get(&self.monitor.0).unwrap_or_default();
            if let Some(schedule) = self.schedule.as_deref_mut() {
                for value in values {
                    schedule.observe(*value, self.monitor.1);
                }
            }
        }
        store.save_run(self.network, &mut self.state)?;
        self.store = Some(store);
        Ok(())
    }

    /// Saves the run after an epoch, if it is time for that.
    pub(super) fn save_after_epoch(&mut self, is_best: bool) {
        let is_first = self.state.epoch == 1;
        let Some(store) = &mut self.store else { return };
        store.has_new_best |= is_best;
        if store.is_due() || is_first {
            self.save();
        }
    }

    /// Saves the best network of a run that ends with an error.
    pub(super) fn save_best(&mut self) {
        if let (Some(store), Some(best)) = (&mut self.store, &self.state.best_network)
            && let Err(error) = store.save_best(&**best, self.frozen)
        {
            self.watch.warn(error.to_string());
        }
    }

    /// Saves the run. What cannot be written is a warning, and the run goes on.
    pub(super) fn save(&mut self) {
        let Some(store) = &mut self.store else { return };
        // what callbacks have left may be what the next step refuses: then the checkpoint before stays
        let is_finite = are_finite(self.network.as_slice()) && self.state.initial.check_options().is_ok();
        if !is_finite {
            return;
        }
        let mut saved = store.save_run(self.network, &mut self.state);
        if let Some(best) = &self.state.best_network {
            saved = saved.and_then(|()| store.save_best(&**best, self.frozen));
        }
        self.swap_average();
        if let Some(store) = &mut self.store {
            saved = saved.and_then(|()| store.save_last(self.network, self.frozen));
        }
        self.swap_average();
        if let Err(error) = saved {
            self.watch.warn(error.to_string());
        }
    }
}
