//! The confusion matrix of a classifier.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use core::fmt;

use bytemuck::Zeroable;

use crate::stack::room;

/// Counts of samples by true class and predicted class.
///
/// Printed, it is a table with a row for each true class, a column for each predicted one, `.` for 0, and `-` for the recall of
/// a class without samples:
///
/// ```
/// use nn_runtime::metrics::ConfusionMatrix;
///
/// let mut matrix = ConfusionMatrix::<3>::default();
/// for (class, predicted) in [(0, 0), (0, 0), (1, 1), (1, 2), (2, 2)] {
///     matrix.record(class, predicted);
/// }
/// assert_eq!(matrix.accuracy(), 0.8);
/// let table = [
///     "true \\ predicted  0 1 2  recall",
///     "               0  2 . .   1.000",
///     "               1  . 1 1   0.500",
///     "               2  . . 1   1.000",
/// ];
/// assert_eq!(matrix.to_string(), table.join("\n"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroable)]
pub struct ConfusionMatrix<const CLASSES: usize> {
    /// The number of samples, by true class and by predicted class.
    pub counts: [[u64; CLASSES]; CLASSES],
}

/// Above [`STACK_BYTES`](crate::STACK_BYTES), from 240 classes on, it does not compile: write
/// [`boxed`](ConfusionMatrix::boxed), or in a `static` `bytemuck::zeroed()`.
impl<const CLASSES: usize> Default for ConfusionMatrix<CLASSES> {
    fn default() -> Self {
        const { room::<Self>().expect(crate::__too_large!(ConfusionMatrix, "::<..>::boxed()")) };
        Self { counts: [[0; CLASSES]; CLASSES] }
    }
}

impl<const CLASSES: usize> ConfusionMatrix<CLASSES> {
    /// A matrix of zeros in a `Box`; it is never on the stack.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn boxed() -> Box<Self> {
        bytemuck::zeroed_box()
    }

    /// Records a prediction. Classes out of range are ignored.
    pub fn record(&mut self, class: usize, predicted: usize) {
        if let Some(count) = self.counts.get_mut(class).and_then(|row| row.get_mut(predicted)) {
            *count += 1;
        }
    }

    /// The number of samples.
    #[must_use]
    pub fn samples(&self) -> u64 {
        self.counts.as_flattened().iter().sum()
    }

    /// The share of the samples whose class was predicted; 0 without samples.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: u64 = self.counts.iter().enumerate().filter_map(|(class, row)| row.get(class)).sum();
        share(right, self.samples())
    }

    /// The share of a class's samples that were recognised; 0 if it has none, as scikit-learn has it.
    #[must_use]
    pub fn recall(&self, class: usize) -> f64 {
        let row = self.counts.get(class);
        let all: u64 = row.map_or(0, |row| row.iter().sum());
        share(self.count(class, class), all)
    }

    /// The share of the samples taken for a class that are of it; 0 if there are none, as scikit-learn has it.
    #[must_use]
    pub fn precision(&self, class: usize) -> f64 {
        let all: u64 = self.counts.iter().filter_map(|row| row.get(class)).sum();
        share(self.count(class, class), all)
    }

    fn count(&self, class: usize, predicted: usize) -> u64 {
        self.counts.get(class).and_then(|row| row.get(predicted)).copied().unwrap_or(0)
    }
}

/// A part of a whole; 0 of nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl<const CLASSES: usize> fmt::Display for ConfusionMatrix<CLASSES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = "true \\ predicted";
        let largest =
            self.counts.as_flattened().iter().copied().max().unwrap_or(0).max(CLASSES.saturating_sub(1) as u64);
        let width = largest.checked_ilog10().unwrap_or(0) as usize + 1;
        write!(f, "{heading} ")?;
        for class in 0..CLASSES {
            write!(f, " {class:width$}")?;
        }
        write!(f, "  recall")?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "\n{class:>indent$} ", indent = heading.len())?;
            for count in row {
                match count {
                    0 => write!(f, " {:>width$}", ".")?,
                    count => write!(f, " {count:width$}")?,
                }
            }
            if row.iter().all(|count| *count == 0) {
                write!(f, "{:>8}", "-")?;
            } else {
                write!(f, "{:8.3}", self.recall(class))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "equal bits are meant")]
mod tests {
    use super::*;

    #[test]
    fn shares_are_those_of_rows_columns_and_the_diagonal() {
        let matrix = ConfusionMatrix { counts: [[3, 1], [0, 4]] };
        assert_eq!(matrix.samples(), 8);
        assert_eq!(matrix.accuracy(), 0.875);
        assert_eq!([matrix.recall(0), matrix.recall(1)], [0.75, 1.0]);
        assert_eq!([matrix.precision(0), matrix.precision(1)], [1.0, 0.8]);
    }

    #[test]
    fn shares_of_nothing_are_0() {
        let matrix = ConfusionMatrix { counts: [[3, 0, 0], [1, 0, 0], [0, 0, 0]] };
        assert_eq!([matrix.recall(2), matrix.recall(3), matrix.precision(1), matrix.precision(3)], [0.0; 4]);
        assert_eq!(ConfusionMatrix::<2>::default().accuracy(), 0.0);
        let table = std::string::ToString::to_string(&matrix);
        assert!(table.ends_with("2  . . .       -") && !table.contains("NaN"), "{table}");
    }

    #[test]
    fn unknown_classes_are_not_counted() {
        let mut matrix = ConfusionMatrix::<2>::default();
        matrix.record(2, 0);
        matrix.record(0, 2);
        assert_eq!(matrix, ConfusionMatrix::default());
    }
}
