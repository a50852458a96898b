//! What can be initialised, and how.

use core::ops::Range;

use nalgebra::SMatrix;

use super::draw::LARGEST_DRAWN;
use crate::OptionError;
use crate::scalar::Scalar;

/// Scalars in a row: a matrix or vector of a network, a slice or an array.
pub trait Values {
    /// The type of the scalars.
    type Scalar: Scalar;

    /// All of them; those of a matrix column by column.
    fn flat_mut(&mut self) -> &mut [Self::Scalar];
}

impl<T: Scalar> Values for [T] {
    type Scalar = T;

    fn flat_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<T: Scalar, const LENGTH: usize> Values for [T; LENGTH] {
    type Scalar = T;

    fn flat_mut(&mut self) -> &mut [T] {
        self
    }
}

impl<T: Scalar, const ROWS: usize, const COLUMNS: usize> Values for SMatrix<T, ROWS, COLUMNS> {
    type Scalar = T;

    fn flat_mut(&mut self) -> &mut [T] {
        self.data.0.as_flattened_mut()
    }
}

/// Where numbers are drawn from evenly: from a range `low..high`, or from a number `bound`, which stands for
/// `-bound..bound`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// That it is an interval of numbers of type `T`.
    pub(super) fn check<T: Scalar>(self) -> Result<(), OptionError> {
        let Self { low, high } = self;
        OptionError::check_finite::<T>("uniform", "low", low)?;
        OptionError::check_finite::<T>("uniform", "high", high)?;
        OptionError::check("uniform", "high", high, low <= high, "at least `low`")
    }
}

impl From<f64> for Interval {
    fn from(bound: f64) -> Self {
        Self { low: -bound, high: bound }
    }
}

impl From<Range<f64>> for Interval {
    fn from(Range { start, end }: Range<f64>) -> Self {
        Self { low: start, high: end }
    }
}

/// A normal distribution: from `(mean, std)`, or from a number `std`, with a mean of 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// The mean.
    pub mean: f64,
    /// The standard deviation.
    pub std: f64,
}

impl Normal {
    /// That it is a distribution of numbers of type `T`.
    pub(super) fn check<T: Scalar>(self) -> Result<(), OptionError> {
        let Self { mean, std } = self;
        OptionError::check_finite::<T>("normal", "mean", mean)?;
        OptionError::check_not_negative::<T>("normal", "std", std)?;
        let is_finite = T::from_f64(mean.abs() + LARGEST_DRAWN * std).to_f64().is_finite();
        OptionError::check("normal", "std", std, is_finite, "so small that no number that is drawn is infinite")
    }
}

impl From<f64> for Normal {
    fn from(std: f64) -> Self {
        Self { mean: 0.0, std }
    }
}

impl From<(f64, f64)> for Normal {
    fn from((mean, std): (f64, f64)) -> Self {
        Self { mean, std }
    }
}
