//! A rate that falls to 0 along a power. PyTorch: `PolynomialLR`.

use super::{Moment, Schedule, check_count};
use crate::OptionError;
use crate::kernels::Portable;
use crate::math::{exp, ln};
use crate::optim::power;

/// A learning rate that falls to 0 along a power, then stays there. PyTorch's `PolynomialLR`.
///
/// ```text
/// lr = initial · (1 - min(epoch, total_iters) / total_iters)^power
/// ```
///
/// ```
/// use nn_runtime::prelude::*;
/// use nn_runtime::schedule::Polynomial;
///
/// let schedule = Polynomial::new().total_iters(4).power(2.0);
/// let rates = [0, 1, 2, 3, 4, 5].map(|epoch| schedule.lr(1.0, Moment::at(epoch, 1, 6)));
/// assert_eq!(rates, [1.0, 0.5625, 0.25, 0.0625, 0.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Polynomial {
    /// The number of epochs until the rate is 0; 5 unless set.
    pub total_iters: u64,
    /// The exponent; 1, a line, unless set.
    pub power: f64,
}

impl Polynomial {
    /// PyTorch's defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { total_iters: 5, power: 1.0 }
    }

    /// With another number of epochs.
    #[must_use]
    pub const fn total_iters(self, total_iters: u64) -> Self {
        Self { total_iters, ..self }
    }

    /// With another exponent.
    #[must_use]
    pub const fn power(self, power: f64) -> Self {
        Self { power, ..self }
    }
}

impl Default for Polynomial {
    fn default() -> Self {
        Self::new()
    }
}

impl Schedule for Polynomial {
    fn lr(&self, initial: f64, now: Moment) -> f64 {
        let remaining = self.total_iters.saturating_sub(now.epoch());
        initial * real_power(remaining as f64 / self.total_iters.max(1) as f64, self.power)
    }

    fn check_options(&self) -> Result<(), OptionError> {
        check_count("schedule::Polynomial", "total_iters", self.total_iters)?;
        OptionError::check_not_negative::<f64>("schedule::Polynomial", "power", self.power)
    }
}

/// `base^exponent` for a base between 0 and 1 and an exponent of at least 0; `0^0` is 1. The whole part of the exponent is
/// computed by multiplications, so that a line is exact.
#[expect(clippy::cast_sign_loss, reason = "exponents are at least 0")]
fn real_power(base: f64, exponent: f64) -> f64 {
    let whole = exponent as u64;
    let fraction = exponent - whole as f64;
    let of_fraction = if fraction > 0.0 { exp(Portable, fraction * ln(Portable, base)) } else { 1.0 };
    power(base, whole) * of_fraction
}
