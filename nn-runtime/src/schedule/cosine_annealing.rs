//! A rate along half a cosine. PyTorch: `CosineAnnealingLR`.

use super::{Anneal, Moment, Schedule, check_count};
use crate::OptionError;

/// A learning rate that falls along half a cosine. PyTorch's `CosineAnnealingLR`. Loshchilov and Hutter, 2017, without restarts.
///
/// ```text
/// lr = eta_min + (initial - eta_min) · (1 + cos(π · epoch / t_max)) / 2
/// ```
///
/// It spans the whole run, unless [`t_max`](Self::t_max) says otherwise: the last update still has a rate above `eta_min`, which would
/// be the rate after the run. Past `t_max` the rate rises again, as in PyTorch, along the same cosine.
///
/// PyTorch computes each rate from the one before, so its smallest rates drift from this formula: relative to themselves by 7e-13
/// with a `t_max` of 500, by 1e-11 with one of 1000.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::CosineAnnealing;
///
/// let whole_run = CosineAnnealing::new().per_step();
/// assert_eq!(whole_run.lr(0.1, Moment::at(0, 10, 3)), 0.1);
/// assert!((whole_run.lr(0.1, Moment::at(15, 10, 3)) - 0.05).abs() < 1e-15);
///
/// let ten_epochs = CosineAnnealing::new().t_max(10).eta_min(1e-3);
/// assert_eq!(ten_epochs.lr(0.1, Moment::at(10, 1, 100)), 1e-3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct CosineAnnealing {
    /// The number of epochs until the rate is `eta_min`; those of the whole run if `None`, as it is unless set.
    pub t_max: Option<u64>,
    /// The lowest rate; 0 unless set.
    pub eta_min: f64,
}

impl CosineAnnealing {
    /// Falls to 0 over the whole run.
    #[must_use]
    pub const fn new() -> Self {
        Self { t_max: None, eta_min: 0.0 }
    }

    /// With a number of epochs until the lowest rate. PyTorch's `T_max`.
    #[must_use]
    pub const fn t_max(self, t_max: u64) -> Self {
        Self { t_max: Some(t_max), ..self }
    }

    /// With another lowest rate.
    #[must_use]
    pub const fn eta_min(self, eta_min: f64) -> Self {
        Self { eta_min, ..self }
    }
}

impl Default for CosineAnnealing {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule for CosineAnnealing {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        let half = self.t_max.unwrap_or(now.epochs()).max(1);
        let period = half.saturating_mul(2);
        let since_start = now.epoch() % period;
        let from_peak = since_start.min(period - since_start);
        Anneal::Cos.at(initial, self.eta_min, from_peak as f64, half as f64)
    }

    fn check_options(&self) -> Result<(), OptionError> {
        self.t_max.map_or(Ok(()), |t_max| check_count("schedule::CosineAnnealing", "t_max", t_max))?;
        OptionError::check_not_negative::<f64>("schedule::CosineAnnealing", "eta_min", self.eta_min)
    }
}
