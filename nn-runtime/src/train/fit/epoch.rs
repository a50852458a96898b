//! What is known after an epoch.

use alloc::string::ToString as _;
use alloc::vec::Vec;
use core::fmt;

use super::super::evaluator::write_parts;
use super::super::{Evaluation, Figure, Report};
use crate::metrics::Measured;

/// What was measured in an epoch. `Display` writes it in a line.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Epoch<Parts = ()> {
    /// The number of this epoch; the first is 1.
    pub epoch: usize,
    /// The number of all epochs.
    pub epochs: usize,
    /// The learning rate of the epoch's last update; with [`Groups`](crate::optim::Groups) the rate of the stages that are in no group.
    pub lr: f64,
    /// The mean loss over the epoch's samples, each before the update that it was part of and with its weight.
    pub loss: f64,
    /// The mean loss of each output, if there are several; accuracies are not measured in training.
    pub parts: Parts,
    /// Loss and accuracy on the validation data after the epoch.
    pub validation: Option<Evaluation<Parts>>,
    /// The metrics on the validation data after the epoch.
    pub metrics: Vec<Measured>,
}

impl<Parts: Report> fmt::Display for Epoch<Parts> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { epoch, epochs, loss, parts, validation, metrics, .. } = self;
        let width = epochs.checked_ilog10().unwrap_or(0) as usize + 1;
        write!(f, "epoch {epoch:width$}/{epochs}  loss {}", Figure(*loss))?;
        write_parts(parts, f)?;
        if let Some(validation) = validation {
            write!(f, "  validation {validation}")?;
        }
        for measured in metrics {
            let name = measured.to_string();
            // the accuracy of a loss that classifies is in the line already
            if name != "accuracy" || validation.as_ref().is_none_or(|validation| validation.accuracy.is_none()) {
                write!(f, "  {} {}", name.replace('_', " "), Figure(measured.value))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Mode;

    #[test]
    fn an_epoch_reads_as_a_line() {
        let validation = Evaluation { loss: 0.000_012_34, accuracy: Some(0.9123), samples: 10, parts: () };
        let metrics = Vec::new();
        let epoch =
            Epoch { epoch: 3, epochs: 30, lr: 0.1, loss: 0.1234, parts: (), validation: Some(validation), metrics };
        assert_eq!(epoch.to_string(), "epoch  3/30  loss 0.1234  validation loss 1.23e-5  accuracy 0.9123");
        let measured = Measured::new("max_error", Mode::Min, 2.0);
        let metrics = alloc::vec![Measured::new("accuracy", Mode::Max, 0.9123), measured, measured.of("brake")];
        let with_metrics = Epoch { metrics, ..epoch.clone() };
        assert_eq!(with_metrics.to_string(), alloc::format!("{epoch}  max error 2.0000  brake max error 2.0000"));
        assert_eq!(Epoch { epochs: 3, validation: None, ..epoch }.to_string(), "epoch 3/3  loss 0.1234");
    }
}
