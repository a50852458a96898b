//! The samples of a mini-batch in order, and the tiles in which they are processed.

use super::error::{Refused, SampleError};
use crate::data::Dataset;
use crate::loss::Loss;
use crate::network::{Architecture, Row};
use crate::scalar::Scalar;

/// Samples of a data set: all of them, or those that `order` names, in its order.
#[derive(Debug)]
pub(super) struct Samples<'a, Input, Target> {
    data: Dataset<'a, Input, Target>,
    order: Option<&'a [usize]>,
}

impl<Input, Target> Clone for Samples<'_, Input, Target> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Input, Target> Copy for Samples<'_, Input, Target> {}

impl<'a, Input, Target> From<Dataset<'a, Input, Target>> for Samples<'a, Input, Target> {
    fn from(data: Dataset<'a, Input, Target>) -> Self {
        Self { data, order: None }
    }
}

/// A tile's rows. Those behind the first `rows` are the first one again.
pub(super) struct Tile<'a, Input, Target, const BATCH: usize> {
    pub(super) inputs: [&'a Input; BATCH],
    pub(super) targets: [&'a Target; BATCH],
    pub(super) rows: usize,
}

impl<'a, Input, Target, const BATCH: usize> Tile<'a, Input, Target, BATCH> {
    /// The targets of the rows that are samples.
    #[inline(always)]
    pub(super) fn real_targets(&self) -> &[&'a Target] {
        self.targets.get(..self.rows).unwrap_or_default()
    }
}

impl<'a, Input: Row, Target> Samples<'a, Input, Target> {
    #[cfg(feature = "alloc")]
    pub(super) fn ordered(data: Dataset<'a, Input, Target>, order: &'a [usize]) -> Self {
        Self { data, order: Some(order) }
    }

    pub(super) fn len(&self) -> usize {
        self.order.map_or(self.data.len(), <[usize]>::len)
    }

    /// The sample at a position, and its row in the data.
    #[inline(always)]
    fn get(&self, position: usize) -> Option<(usize, &'a Input, &'a Target)> {
        let row = self.order.map_or(Some(position), |order| order.get(position).copied())?;
        Some((row, self.data.inputs().get(row)?, self.data.targets().get(row)?))
    }

    #[cfg(feature = "alloc")]
    fn iter(&self) -> impl Iterator<Item = (usize, &'a Input, &'a Target)> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// All samples, in tiles of `BATCH` rows; each with the position of its first row.
    #[inline(always)]
    pub(super) fn tiles<const BATCH: usize>(&self) -> impl Iterator<Item = (usize, Tile<'a, Input, Target, BATCH>)> {
        (0..self.len()).step_by(BATCH.max(1)).filter_map(|first| Some((first, self.tile(first)?)))
    }

    /// A tile of `BATCH` rows, beginning with the sample at position `first`; `None` if there is none.
    #[inline(always)]
    pub(super) fn tile<const BATCH: usize>(&self, first: usize) -> Option<Tile<'a, Input, Target, BATCH>> {
        if self.order.is_none()
            && let Some(inputs) = self.data.inputs().get(first..).and_then(<[_]>::first_chunk)
            && let Some(targets) = self.data.targets().get(first..).and_then(<[_]>::first_chunk)
        {
            return Some(Tile { inputs: inputs.each_ref(), targets: targets.each_ref(), rows: BATCH });
        }
        let padding = self.get(first)?;
        let samples: [_; BATCH] = core::array::from_fn(|row| self.get(first + row).unwrap_or(padding));
        Some(Tile {
            inputs: samples.map(|(_, input, _)| input),
            targets: samples.map(|(_, _, target)| target),
            rows: BATCH.min(self.len() - first),
        })
    }

    /// The sum of the samples' weights.
    #[cfg(feature = "alloc")]
    pub(super) fn weight<T: Scalar, Output: Row, L: Loss<Target, Output, T>>(&self, loss: &L) -> f64 {
        self.iter().map(|(_, _, target)| loss.weight(target).to_f64()).sum()
    }
}

/// Checks every sample of a data set; returns the sum of their weights.
#[inline(always)]
pub(super) fn check<N, L, Target, T>(data: &Dataset<N::Input, Target>, loss: &L) -> Result<f64, Refused>
where
    N: Architecture,
    T: Scalar,
    L: Loss<Target, N::Output, T>,
{
    let inputs = check_inputs::<N>(data.inputs());
    // the targets of the samples before the one whose input is refused
    let rows = inputs.map_or_else(|refused| refused.row, |()| data.len());
    let mut weight = 0.0;
    for (row, target) in data.targets().iter().enumerate().take(rows) {
        loss.check(target).map_err(|error| Refused { row, error: SampleError::Target(error) })?;
        weight += check_weight(row, loss.weight(target).to_f64())?;
    }
    inputs.map(|()| weight)
}

/// Checks how much a sample counts: a loss of a user's own says so.
#[inline(always)]
fn check_weight(row: usize, weight: f64) -> Result<f64, Refused> {
    if (0.0..f64::INFINITY).contains(&weight) {
        Ok(weight)
    } else {
        Err(Refused { row, error: SampleError::Weight { value: weight } })
    }
}

/// Checks the inputs: indices are in range, numbers are finite.
#[inline(always)]
pub(super) fn check_inputs<N: Architecture>(inputs: &[N::Input]) -> Result<(), Refused> {
    let indices = N::Input::check_indices(inputs, N::INDEX_BOUND);
    indices.map_err(|(row, error)| Refused { row, error: SampleError::Index(error) })?;
    match N::Input::find_not_finite(inputs) {
        Some((row, column, value)) => Err(Refused { row, error: SampleError::Input { column, value } }),
        None => Ok(()),
    }
}

/// The weighted mean of losses, from their sum and the sum of their weights; 0 of samples that all weigh nothing. A sum that
/// is not finite gives NaN there.
pub(super) fn mean(sum: f64, weight: f64) -> f64 {
    if weight == 0.0 { 0.0 * sum } else { sum / weight }
}
