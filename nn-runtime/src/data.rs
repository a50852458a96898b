//! Borrowed data: rows of inputs, and a target for each.

use core::fmt;
use core::ops::Range;

use crate::network::{Row, Samples};
use crate::scalar::Element;

/// Samples to train on or to evaluate with: rows of inputs and as many targets, borrowed, at least one.
///
/// ```
/// use nn_runtime::data::{Dataset, rows};
///
/// let measured = [5.1, 3.5, 4.9, 3.0, 6.2, 2.2];
/// let species = [0_u8, 0, 1];
/// let data: Dataset<[f64; 2], u8> = Dataset::new(rows(&measured)?, &species)?;
/// let (train, test) = data.split_at(2)?;
/// assert_eq!((train.len(), test.len()), (2, 1));
/// # Ok::<(), nn_runtime::data::DataError>(())
/// ```
#[derive(Debug)]
pub struct Dataset<'a, Input, Target> {
    inputs: &'a [Input],
    targets: &'a [Target],
}

impl<Input, Target> Clone for Dataset<'_, Input, Target> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Input, Target> Copy for Dataset<'_, Input, Target> {}

impl<'a, Input: Row, Target> Dataset<'a, Input, Target> {
    /// Inputs and targets, row by row. The inputs are arrays or nalgebra vectors.
    ///
    /// # Errors
    ///
    /// [`DataError::Empty`] if there are none, [`DataError::Lengths`] if there are not as many of both.
    pub fn new<S: Samples<Input>>(inputs: &'a [S], targets: &'a [Target]) -> Result<Self, DataError> {
        Self::of_rows(S::as_rows(inputs), targets)
    }

    /// [`new`](Self::new) of rows.
    const fn of_rows(inputs: &'a [Input], targets: &'a [Target]) -> Result<Self, DataError> {
        if inputs.len() != targets.len() {
            return Err(DataError::Lengths { inputs: inputs.len(), targets: targets.len() });
        }
        if inputs.is_empty() {
            return Err(DataError::Empty);
        }
        Ok(Self { inputs, targets })
    }

    /// The first `index` samples, and the others.
    ///
    /// # Errors
    ///
    /// [`DataError::Split`] if one of the parts would be empty.
    pub fn split_at(self, index: usize) -> Result<(Self, Self), DataError> {
        let error = DataError::Split { index, samples: self.len() };
        let (first, second) = self.inputs.split_at_checked(index).ok_or(error)?;
        let (first_targets, second_targets) = self.targets.split_at_checked(index).ok_or(error)?;
        let part = |inputs, targets| Self::of_rows(inputs, targets).map_err(|_| error);
        Ok((part(first, first_targets)?, part(second, second_targets)?))
    }

    /// The samples at some positions: not in public, as it may be empty.
    pub(crate) fn part(self, positions: Range<usize>) -> Self {
        let (inputs, targets) = (self.inputs.get(positions.clone()), self.targets.get(positions));
        Self { inputs: inputs.unwrap_or_default(), targets: targets.unwrap_or_default() }
    }

    /// The rows of inputs.
    #[must_use]
    pub const fn inputs(&self) -> &'a [Input] {
        self.inputs
    }

    /// The targets.
    #[must_use]
    pub const fn targets(&self) -> &'a [Target] {
        self.targets
    }

    /// The number of samples, which is not 0.
    #[expect(clippy::len_without_is_empty, reason = "it never is")]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.inputs.len()
    }
}

impl<'a, E: Element, Target, const N: usize> Dataset<'a, [E; N], Target> {
    /// Inputs as one slice, row behind row, and targets.
    ///
    /// # Errors
    ///
    /// [`DataError::Ragged`] if the slice is not made of whole rows; those of [`new`](Self::new).
    pub fn from_flat(inputs: &'a [E], targets: &'a [Target]) -> Result<Self, DataError> {
        Self::new(rows(inputs)?, targets)
    }
}

/// A slice as rows of `N` values.
///
/// # Errors
///
/// [`DataError::Ragged`] if its length is not a multiple of `N`.
pub const fn rows<E, const N: usize>(values: &[E]) -> Result<&[[E; N]], DataError> {
    if N == 0 {
        return Err(DataError::Ragged { values: values.len(), width: N });
    }
    let (rows, rest) = values.as_chunks();
    if rest.is_empty() { Ok(rows) } else { Err(DataError::Ragged { values: values.len(), width: N }) }
}

/// Inputs and targets that do not make samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataError {
    /// There are no samples.
    Empty,
    /// There are not as many targets as inputs.
    Lengths {
        /// The number of rows of inputs.
        inputs: usize,
        /// The number of targets.
        targets: usize,
    },
    /// There is not as much room for outputs as there are inputs.
    Outputs {
        /// The number of rows of inputs.
        inputs: usize,
        /// The number of rows that outputs have room for.
        outputs: usize,
    },
    /// A slice that is not made of whole rows.
    Ragged {
        /// The slice's length.
        values: usize,
        /// The length of a row.
        width: usize,
    },
    /// A split of which one part would be empty.
    Split {
        /// Where to split.
        index: usize,
        /// The number of samples.
        samples: usize,
    },
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => write!(f, "there are no samples"),
            Self::Lengths { inputs, targets } => {
                write!(f, "there are {inputs} inputs, but {targets} targets; each input needs one")
            }
            Self::Outputs { inputs, outputs } => {
                write!(f, "there are {inputs} inputs, but room for {outputs} outputs; each input needs one")
            }
            Self::Ragged { width: 0, .. } => write!(f, "rows of 0 values cannot be made; a sample has at least one"),
            Self::Ragged { values, width } => {
                write!(f, "{values} values do not make rows of {width}: {} are left over", values % width)
            }
            Self::Split { samples: 1, .. } => write!(f, "a single sample cannot be split"),
            Self::Split { index, samples } => {
                write!(
                    f,
                    "{samples} samples split at {index} leave one part empty; split between 1 and {}",
                    samples.saturating_sub(1)
                )
            }
        }
    }
}

impl core::error::Error for DataError {}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    #[test]
    fn inputs_and_targets_must_match() {
        let error = Dataset::new(&[[1.0], [2.0]], &[1_u8]).unwrap_err();
        assert_eq!(error.to_string(), "there are 2 inputs, but 1 targets; each input needs one");
        assert_eq!(Dataset::<[f32; 1], u8>::new::<[f32; 1]>(&[], &[]).unwrap_err().to_string(), "there are no samples");
    }

    #[test]
    fn flat_inputs_must_be_whole_rows() {
        let error = Dataset::<[f32; 4], u8>::from_flat(&[0.0; 10], &[0, 1]).unwrap_err();
        assert_eq!(error.to_string(), "10 values do not make rows of 4: 2 are left over");
        assert!(rows::<f32, 0>(&[]).is_err());
        let data = Dataset::from_flat(&[1_u8, 2, 3, 4], &[0, 1]).unwrap();
        assert_eq!(data.inputs(), [[1, 2], [3, 4]]);
    }

    #[test]
    fn both_parts_of_a_split_have_samples() {
        let data = Dataset::new(&[[1_u8], [2], [3]], &["a", "b", "c"]).unwrap();
        let (first, second) = data.split_at(2).unwrap();
        assert_eq!((first.targets(), second.targets()), (&["a", "b"][..], &["c"][..]));
        for index in [0, 3, 4] {
            let message = data.split_at(index).unwrap_err().to_string();
            assert_eq!(message, std::format!("3 samples split at {index} leave one part empty; split between 1 and 2"));
        }
    }
}
