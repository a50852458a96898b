//! A rate that rises, then falls to almost 0. PyTorch: `OneCycleLR`.

use super::{Anneal, Moment, Schedule, check_count, check_fraction};
use crate::OptionError;

/// A learning rate that rises to `max_lr`, then falls to almost 0. PyTorch's `OneCycleLR`. Smith and Topin, 2019.
///
/// ```text
/// start = max_lr / div_factor
/// end   = start / final_div_factor
/// start -> max_lr             until step pct_start · total_steps - 1
/// max_lr -> end               until step total_steps - 1
/// max_lr -> start -> end      with three phases: the first two equally long, the third until step total_steps - 1
/// ```
///
/// It counts updates and spans the whole run, unless [`total_steps`](Self::total_steps) says otherwise. Past the last step the rate
/// stays as it is; PyTorch raises an error. The optimizer's own rate is not read, so all [`Groups`](crate::optim::Groups) have the same
/// rate. Momentum is not cycled: PyTorch's `cycle_momentum=False`.
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::OneCycle;
///
/// let schedule = OneCycle::new(1e-2);
/// let rate = |step| schedule.lr(1e-3, Moment::at(step, 10, 10));
/// assert_eq!(rate(0), 1e-2 / 25.0);
/// assert_eq!(rate(29), 1e-2);
/// assert_eq!(rate(99), 1e-2 / 25.0 / 1e4);
/// assert_eq!(rate(100), rate(99));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct OneCycle {
    /// The highest rate.
    pub max_lr: f64,
    /// The number of updates; those of the whole run if `None`, as it is unless set.
    pub total_steps: Option<u64>,
    /// The part of the updates during which the rate rises, between 0 and 1; 0.3 unless set.
    pub pct_start: f64,
    /// The curve between two rates; [`Anneal::Cos`] unless set.
    pub anneal_strategy: Anneal,
    /// `max_lr` divided by the first rate; 25 unless set.
    pub div_factor: f64,
    /// The first rate divided by the last one; 1e4 unless set.
    pub final_div_factor: f64,
    /// Whether the rate falls to the first rate as fast as it rose, and only then to the last rate; not unless set.
    pub three_phase: bool,
}

impl OneCycle {
    /// PyTorch's defaults with highest rate `max_lr`, over the whole run.
    #[must_use]
    pub const fn new(max_lr: f64) -> Self {
        Self {
            max_lr,
            total_steps: None,
            pct_start: 0.3,
            anneal_strategy: Anneal::Cos,
            div_factor: 25.0,
            final_div_factor: 1e4,
            three_phase: false,
        }
    }

    /// With a number of updates.
    #[must_use]
    pub const fn total_steps(self, total_steps: u64) -> Self {
        Self { total_steps: Some(total_steps), ..self }
    }

    /// With another part of the updates during which the rate rises.
    #[must_use]
    pub const fn pct_start(self, pct_start: f64) -> Self {
        Self { pct_start, ..self }
    }

    /// With another curve.
    #[must_use]
    pub const fn anneal_strategy(self, anneal_strategy: Anneal) -> Self {
        Self { anneal_strategy, ..self }
    }

    /// With another first rate, `max_lr / div_factor`.
    #[must_use]
    pub const fn div_factor(self, div_factor: f64) -> Self {
        Self { div_factor, ..self }
    }

    /// With another last rate, `max_lr / div_factor / final_div_factor`.
    #[must_use]
    pub const fn final_div_factor(self, final_div_factor: f64) -> Self {
        Self { final_div_factor, ..self }
    }

    /// With three phases instead of two.
    #[must_use]
    pub const fn three_phase(self, three_phase: bool) -> Self {
        Self { three_phase, ..self }
    }
}

impl Schedule for OneCycle {
    fn lr(&self, _initial: f64, now: Moment) -> f64 {
        let Self { max_lr, pct_start, anneal_strategy: curve, div_factor, final_div_factor, three_phase, .. } = *self;
        let total_steps = self.total_steps.unwrap_or(now.steps).max(1);
        let (step, last_step) = (now.step.min(total_steps - 1) as f64, (total_steps - 1) as f64);
        let start_lr = max_lr / div_factor;
        let end_lr = start_lr / final_div_factor;

        let rise_end = pct_start * total_steps as f64 - 1.0;
        let (fall_end, fall_lr) =
            if three_phase { (2.0 * pct_start * total_steps as f64 - 2.0, start_lr) } else { (last_step, end_lr) };
        if step <= rise_end {
            curve.at(start_lr, max_lr, step, rise_end)
        } else if step <= fall_end {
            curve.at(max_lr, fall_lr, step - rise_end, fall_end - rise_end)
        } else {
            curve.at(start_lr, end_lr, step - fall_end, last_step - fall_end)
        }
    }

    fn check_options(&self) -> Result<(), OptionError> {
        let Self { max_lr, total_steps, pct_start, div_factor, final_div_factor, .. } = *self;
        let owner = "schedule::OneCycle";
        OptionError::check_not_negative::<f64>(owner, "max_lr", max_lr)?;
        total_steps.map_or(Ok(()), |total_steps| check_count(owner, "total_steps", total_steps))?;
        check_fraction(owner, "pct_start", pct_start)?;
        OptionError::check_positive::<f64>(owner, "div_factor", div_factor)?;
        OptionError::check_positive::<f64>(owner, "final_div_factor", final_div_factor)?;
        let start_lr = max_lr / div_factor;
        let allowed = "so large that the first learning rate is finite";
        OptionError::check(owner, "div_factor", div_factor, start_lr.is_finite(), allowed)?;
        let is_finite = (start_lr / final_div_factor).is_finite();
        let allowed = "so large that the last learning rate is finite";
        OptionError::check(owner, "final_div_factor", final_div_factor, is_finite, allowed)
    }
}
