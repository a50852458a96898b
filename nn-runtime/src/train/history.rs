//! What a run measured, epoch by epoch.

mod text;

use alloc::string::String;
use alloc::vec::Vec;

use crate::metrics::Mode;

/// What a run measured after each epoch: a table with a row for each epoch, and columns with Keras's names: `loss`, `val_loss`,
/// `val_accuracy`, `val_` and the name of each metric; of a network with several outputs also `steering_loss`, `val_steering_loss`; and
/// `lr`, the learning rate of the epoch's last update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    columns: Vec<Column>,
    epochs: usize,
}

/// A column of a [`History`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Column {
    /// The name.
    pub name: String,
    /// Whether small or large values are good; `None` of the learning rate, which is neither.
    pub mode: Option<Mode>,
    /// A value for each epoch; NaN where none was measured.
    pub values: Vec<f64>,
}

impl History {
    /// The number of epochs.
    #[must_use]
    pub const fn epochs(&self) -> usize {
        self.epochs
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The values of a column, one for each epoch; `None` if there is no such column.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[f64]> {
        self.column(name).map(|column| &*column.values)
    }

    /// The value of a column after the last epoch.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<f64> {
        self.get(name)?.last().copied()
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Adds an epoch. A column that comes for the first time has NaN in all epochs before.
    pub(super) fn push(&mut self, values: impl IntoIterator<Item = (String, Option<Mode>, f64)>) {
        let before = self.epochs;
        self.epochs += 1;
        for (name, mode, value) in values {
            if let Some(column) = self.columns.iter_mut().find(|column| column.name == name) {
                column.values.push(value);
            } else {
                let mut values = alloc::vec![f64::NAN; before];
                values.push(value);
                self.columns.push(Column { name, mode, values });
            }
        }
        for column in &mut self.columns {
            column.values.resize(self.epochs, f64::NAN);
        }
    }

    /// Takes up a column of a run that goes on.
    #[cfg(all(feature = "std", feature = "safetensors"))]
    pub(super) fn restore(&mut self, name: String, mode: Option<Mode>, values: Vec<f64>) {
        self.epochs = values.len();
        self.columns.push(Column { name, mode, values });
    }
}
