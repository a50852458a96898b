//! Early stopping: the end of a run that no longer improves.

#[cfg(feature = "alloc")]
use crate::OptionError;
#[cfg(feature = "alloc")]
use crate::metrics::Mode;

/// Ends a run whose monitored value no longer improves. Keras's `EarlyStopping`, with its defaults.
///
/// ```
/// use nn_runtime::prelude::*;
///
/// let stopping = EarlyStopping::new().patience(5).min_delta(1e-3).restore_best();
/// ```
///
/// The monitored value is [`Fit::monitor`](super::Fit::monitor)'s: `val_loss` unless set, or `loss` without validation data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EarlyStopping {
    /// The number of epochs in a row without an improvement after which the run ends; 0 unless set, which is like 1.
    pub patience: usize,
    /// The least change that is an improvement on the best value so far; 0 unless set. A change must be larger than this.
    pub min_delta: f64,
    /// The number of epochs at the beginning that are ignored; 0 unless set.
    pub start_from_epoch: usize,
    /// Whether the run ends with the network of the best epoch; otherwise with that of the last.
    pub restores_best: bool,
}

impl EarlyStopping {
    /// Keras's defaults: no patience.
    #[must_use]
    pub const fn new() -> Self {
        Self { patience: 0, min_delta: 0.0, start_from_epoch: 0, restores_best: false }
    }

    /// Sets the number of epochs without an improvement after which the run ends.
    #[must_use]
    pub const fn patience(self, patience: usize) -> Self {
        Self { patience, ..self }
    }

    /// Sets the change that an improvement must exceed.
    #[must_use]
    pub const fn min_delta(self, min_delta: f64) -> Self {
        Self { min_delta, ..self }
    }

    /// Sets the number of epochs at the beginning that are ignored.
    #[must_use]
    pub const fn start_from_epoch(self, epochs: usize) -> Self {
        Self { start_from_epoch: epochs, ..self }
    }

    /// Restores the network of the best epoch at the end of the run, whatever ends it.
    #[must_use]
    pub const fn restore_best(self) -> Self {
        Self { restores_best: true, ..self }
    }

    #[cfg(feature = "alloc")]
    pub(super) fn check_options(&self) -> Result<(), OptionError> {
        OptionError::check_not_negative::<f64>("EarlyStopping", "min_delta", self.min_delta)
    }

    #[cfg(feature = "alloc")]
    /// Whether a run with these values, one for each epoch, ends.
    pub(super) fn is_over(&self, mode: Mode, values: &[f64]) -> bool {
        let (mut best, mut waited) = (f64::NAN, 0);
        for &value in values.iter().skip(self.start_from_epoch) {
            let nearly = match mode {
                Mode::Min => value + self.min_delta,
                Mode::Max => value - self.min_delta,
            };
            if mode.is_better(nearly, best) {
                (best, waited) = (value, 0);
            } else {
                waited += 1;
            }
        }
        waited > 0 && waited >= self.patience
    }
}

#[cfg(feature = "alloc")]
/// The best of some values from a position on, and its position; the first of equals.
pub(super) fn best(mode: Mode, values: &[f64], first: usize) -> Option<(usize, f64)> {
    let numbers = values.iter().copied().enumerate().skip(first).filter(|(_, value)| !value.is_nan());
    numbers.reduce(|best, next| if mode.is_better(next.1, best.1) { next } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(stopping: EarlyStopping, mode: Mode, values: &[f64]) -> Option<usize> {
        (1..=values.len()).find(|&epochs| stopping.is_over(mode, &values[..epochs]))
    }

    #[test]
    fn a_run_ends_after_epochs_without_an_improvement() {
        let values = [3.0, 2.0, 2.5, 2.1, 1.9, 1.95, 1.9, 2.0];
        assert_eq!(end(EarlyStopping::new(), Mode::Min, &values), Some(3));
        assert_eq!(end(EarlyStopping::new().patience(1), Mode::Min, &values), Some(3));
        assert_eq!(end(EarlyStopping::new().patience(2), Mode::Min, &values), Some(4));
        assert_eq!(end(EarlyStopping::new().patience(3), Mode::Min, &values), Some(8));
        assert_eq!(end(EarlyStopping::new().patience(4), Mode::Min, &values), None);
        assert_eq!(end(EarlyStopping::new().patience(3).min_delta(0.1), Mode::Min, &values), Some(5));
        assert_eq!(end(EarlyStopping::new().patience(2), Mode::Max, &values), Some(3));
        assert_eq!(end(EarlyStopping::new().patience(2).start_from_epoch(3), Mode::Min, &values), Some(7));
    }

    #[test]
    fn what_was_not_measured_is_no_improvement() {
        assert_eq!(end(EarlyStopping::new().patience(2), Mode::Max, &[f64::NAN, 1.0, f64::NAN, f64::NAN]), Some(4));
        assert_eq!(best(Mode::Max, &[f64::NAN, 1.0, 2.0, 2.0], 0), Some((2, 2.0)));
        assert_eq!(best(Mode::Min, &[1.0, 2.0, 3.0], 1), Some((1, 2.0)));
        assert_eq!(best(Mode::Min, &[f64::NAN], 0), None);
    }
}
