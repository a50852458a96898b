//! The samples of a mini-batch in order, and the tiles in which they are processed.

use super::error::{Refused, SampleError};
use crate::data::Dataset;
use crate::loss::Loss;
use crate::network::Network;
use crate::scalar::{Element, Scalar};

/// Samples of a data set: all of them, or those that `order` names, in its order.
#[derive(Debug)]
pub(super) struct Samples<'a, E, Target, const IN: usize> {
    data: Dataset<'a, E, Target, IN>,
    order: Option<&'a [usize]>,
}

impl<E, Target, const IN: usize> Clone for Samples<'_, E, Target, IN> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, Target, const IN: usize> Copy for Samples<'_, E, Target, IN> {}

impl<'a, E, Target, const IN: usize> From<Dataset<'a, E, Target, IN>> for Samples<'a, E, Target, IN> {
    fn from(data: Dataset<'a, E, Target, IN>) -> Self {
        Self { data, order: None }
    }
}

/// A tile's rows. Those behind the first `rows` are the first one again.
pub(super) struct Tile<'a, E, Target, const BATCH: usize, const IN: usize> {
    pub(super) inputs: [&'a [E; IN]; BATCH],
    pub(super) targets: [&'a Target; BATCH],
    pub(super) rows: usize,
}

impl<'a, Target, const BATCH: usize, E, const IN: usize> Tile<'a, E, Target, BATCH, IN> {
    /// The targets of the rows that are samples.
    #[inline(always)]
    pub(super) fn real_targets(&self) -> &[&'a Target] {
        self.targets.get(..self.rows).unwrap_or_default()
    }
}

impl<'a, E, Target, const IN: usize> Samples<'a, E, Target, IN> {
    #[cfg(feature = "alloc")]
    pub(super) fn ordered(data: Dataset<'a, E, Target, IN>, order: &'a [usize]) -> Self {
        Self { data, order: Some(order) }
    }

    pub(super) fn len(&self) -> usize {
        self.order.map_or(self.data.len(), <[usize]>::len)
    }

    /// The sample at a position, and its row in the data.
    #[inline(always)]
    fn get(&self, position: usize) -> Option<(usize, &'a [E; IN], &'a Target)> {
        let row = self.order.map_or(Some(position), |order| order.get(position).copied())?;
        Some((row, self.data.inputs().get(row)?, self.data.targets().get(row)?))
    }

    #[cfg(feature = "alloc")]
    fn iter(&self) -> impl Iterator<Item = (usize, &'a [E; IN], &'a Target)> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// All samples, in tiles of `BATCH` rows; each with the position of its first row.
    #[inline(always)]
    pub(super) fn tiles<const BATCH: usize>(&self) -> impl Iterator<Item = (usize, Tile<'a, E, Target, BATCH, IN>)> {
        (0..self.len()).step_by(BATCH.max(1)).filter_map(|first| Some((first, self.tile(first)?)))
    }

    /// A tile of `BATCH` rows, beginning with the sample at position `first`; `None` if there is none.
    #[inline(always)]
    pub(super) fn tile<const BATCH: usize>(&self, first: usize) -> Option<Tile<'a, E, Target, BATCH, IN>> {
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
    pub(super) fn weight<T: Scalar, L: Loss<Target, T, OUT>, const OUT: usize>(&self, loss: &L) -> f64 {
        self.iter().map(|(_, _, target)| loss.weight(target).to_f64()).sum()
    }
}

/// Checks every sample of a data set; returns the sum of their weights.
#[inline(always)]
pub(super) fn check<N, L, Target, const IN: usize, const OUT: usize>(
    data: &Dataset<N::Input, Target, IN>,
    loss: &L,
) -> Result<f64, Refused>
where
    N: Network<IN, OUT>,
    L: Loss<Target, N::Scalar, OUT>,
{
    let inputs = check_inputs::<N, IN, OUT>(data.inputs());
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
///
/// All at once, as rows can be short; only if something is wrong, row by row.
#[inline(always)]
pub(super) fn check_inputs<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(
    inputs: &[[N::Input; IN]],
) -> Result<(), Refused> {
    match check_values::<N, IN, OUT>(inputs.as_flattened()) {
        Ok(()) => Ok(()),
        Err(_) => find_refused::<N, IN, OUT>(inputs),
    }
}

/// The first input that is refused.
#[cold]
#[inline(never)]
fn find_refused<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(
    inputs: &[[N::Input; IN]],
) -> Result<(), Refused> {
    (0..)
        .zip(inputs)
        .try_for_each(|(row, input)| check_values::<N, IN, OUT>(input).map_err(|error| Refused { row, error }))
}

#[inline(always)]
fn check_values<N: Network<IN, OUT>, const IN: usize, const OUT: usize>(
    values: &[N::Input],
) -> Result<(), SampleError> {
    N::check_indices(values).map_err(SampleError::Index)?;
    match N::Input::find_not_finite(values) {
        Some((column, value)) => Err(SampleError::Input { column, value }),
        None => Ok(()),
    }
}

/// The weighted mean of losses, from their sum and the sum of their weights; 0 of samples that all weigh nothing. A sum that
/// is not finite gives NaN there.
pub(super) fn mean(sum: f64, weight: f64) -> f64 {
    if weight == 0.0 { 0.0 * sum } else { sum / weight }
}
