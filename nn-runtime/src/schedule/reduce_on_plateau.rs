//! A rate that falls when the training no longer improves. PyTorch: `ReduceLROnPlateau`.

use super::{Moment, Schedule};
use crate::OptionError;
use crate::metrics::Mode;

/// By how much a value must be better than the best one to count as an improvement. PyTorch's `threshold` and `threshold_mode`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Threshold {
    /// By this part of the best value.
    Rel(f64),
    /// By this difference.
    Abs(f64),
}

/// A learning rate that falls by a factor when the observed value has not improved for some epochs. PyTorch's `ReduceLROnPlateau`.
///
/// ```text
/// is better: value < best · (1 - threshold)     smaller is better, Threshold::Rel
///            value < best - threshold           smaller is better, Threshold::Abs
///            value > best · (1 + threshold)     larger is better, Threshold::Rel
///            value > best + threshold           larger is better, Threshold::Abs
/// lr = max(lr · factor, min_lr)                 after more than `patience` epochs that are not better, unless lr changes by at most eps
/// ```
///
/// The first value is always better, NaN never is. The value is told by [`observe`](Schedule::observe) after each epoch, with
/// PyTorch's `mode`; a trainer tells the one that it watches.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::metrics::Mode;
/// use nn_runtime::schedule::ReduceOnPlateau;
///
/// let mut schedule = ReduceOnPlateau::new().factor(0.5).patience(1);
/// for (epoch, loss) in [1.0, 0.8, 0.9, 0.8, 0.7].into_iter().enumerate() {
///     let lr = schedule.lr(0.1, Moment::at(epoch as u64, 1, 5));
///     assert_eq!(lr, if epoch < 4 { 0.1 } else { 0.05 });
///     schedule.observe(loss, Mode::Min);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReduceOnPlateau {
    /// The factor, at least 0 and less than 1; 0.1 unless set.
    pub factor: f64,
    /// The number of epochs without an improvement that are tolerated; 10 unless set.
    pub patience: u64,
    /// What counts as an improvement; `Threshold::Rel(1e-4)` unless set.
    pub threshold: Threshold,
    /// The number of epochs after a reduction whose values do not count; 0 unless set.
    pub cooldown: u64,
    /// The lowest rate; 0 unless set.
    pub min_lr: f64,
    /// Changes of the rate of at most this are not made; 1e-8 unless set.
    pub eps: f64,
    seen: Seen,
}

/// What has been observed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    best: Option<f64>,
    bad_epochs: u64,
    cooldown_left: u64,
    reductions: u64,
}

impl Seen {
    const NOTHING: Self = Self { best: None, bad_epochs: 0, cooldown_left: 0, reductions: 0 };
}

impl ReduceOnPlateau {
    /// PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        let threshold = Threshold::Rel(1e-4);
        Self { factor: 0.1, patience: 10, threshold, cooldown: 0, min_lr: 0.0, eps: 1e-8, seen: Seen::NOTHING }
    }

    /// With another factor.
    #[must_use]
    pub const fn factor(self, factor: f64) -> Self {
        Self { factor, ..self }
    }

    /// With another number of epochs without an improvement.
    #[must_use]
    pub const fn patience(self, patience: u64) -> Self {
        Self { patience, ..self }
    }

    /// With another threshold.
    #[must_use]
    pub const fn threshold(self, threshold: Threshold) -> Self {
        Self { threshold, ..self }
    }

    /// With epochs after a reduction whose values do not count.
    #[must_use]
    pub const fn cooldown(self, cooldown: u64) -> Self {
        Self { cooldown, ..self }
    }

    /// With a lowest rate.
    #[must_use]
    pub const fn min_lr(self, min_lr: f64) -> Self {
        Self { min_lr, ..self }
    }

    /// With another smallest change of the rate.
    #[must_use]
    pub const fn eps(self, eps: f64) -> Self {
        Self { eps, ..self }
    }

    fn is_better(&self, value: f64, mode: Mode) -> bool {
        match (mode, self.seen.best) {
            (Mode::Min, None) => value < f64::INFINITY,
            (Mode::Max, None) => value > f64::NEG_INFINITY,
            (Mode::Min, Some(best)) => match self.threshold {
                Threshold::Rel(threshold) => value < best * (1.0 - threshold),
                Threshold::Abs(threshold) => value < best - threshold,
            },
            (Mode::Max, Some(best)) => match self.threshold {
                Threshold::Rel(threshold) => value > best * (1.0 + threshold),
                Threshold::Abs(threshold) => value > best + threshold,
            },
        }
    }
}

impl Default for ReduceOnPlateau {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule for ReduceOnPlateau {
    fn lr(&self, initial: f64, _now: Moment) -> f64 {
        let mut lr = initial;
        for _ in 0..self.seen.reductions {
            let reduced = (lr * self.factor).max(self.min_lr);
            // a reduction that is not made is not made later either
            if lr - reduced <= self.eps {
                break;
            }
            lr = reduced;
        }
        lr
    }

    fn check_options(&self) -> Result<(), OptionError> {
        let owner = "schedule::ReduceOnPlateau";
        let is_factor = (0.0..1.0).contains(&self.factor);
        OptionError::check(owner, "factor", self.factor, is_factor, "at least 0 and less than 1")?;
        match self.threshold {
            Threshold::Rel(threshold) => {
                let is_part = (0.0..1.0).contains(&threshold);
                OptionError::check(owner, "threshold", threshold, is_part, "at least 0 and less than 1")?;
            }
            Threshold::Abs(threshold) => OptionError::check_not_negative::<f64>(owner, "threshold", threshold)?,
        }
        OptionError::check_not_negative::<f64>(owner, "min_lr", self.min_lr)?;
        OptionError::check_not_negative::<f64>(owner, "eps", self.eps)
    }

    fn observe(&mut self, value: f64, mode: Mode) {
        let is_better = self.is_better(value, mode);
        let seen = &mut self.seen;
        if is_better {
            seen.best = Some(value);
        }
        seen.bad_epochs = if is_better { 0 } else { seen.bad_epochs + 1 };
        if seen.cooldown_left > 0 {
            seen.cooldown_left -= 1;
            seen.bad_epochs = 0;
        }
        if seen.bad_epochs > self.patience {
            *seen = Seen { bad_epochs: 0, cooldown_left: self.cooldown, reductions: seen.reductions + 1, ..*seen };
        }
    }

    fn reset(&mut self) {
        self.seen = Seen::NOTHING;
    }
}
