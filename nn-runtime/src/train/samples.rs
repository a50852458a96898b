//! The samples of a mini-batch in order, and the tiles in which they are processed.

use core::ops::Range;
use core::slice::from_ref;

use super::TrainError;
use super::error::{Refused, SampleError};
use crate::data::{DataError, Dataset};
use crate::loss::{Loss, TargetError};
use crate::network::{Architecture, Column, OutputRow, Row};
use crate::scalar::Scalar;
use crate::stack::on_stack;

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

    fn iter(&self) -> impl Iterator<Item = (usize, &'a Input, &'a Target)> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// The samples at some positions.
    pub(super) fn part(&self, positions: Range<usize>) -> Self {
        match self.order {
            Some(order) => Self { order: order.get(positions), ..*self },
            None => Self { data: self.data.part(positions), order: None },
        }
    }

    /// The samples at some positions, in tiles of `BATCH` rows; each with the position of its first row.
    pub(super) fn tiles<const BATCH: usize>(
        &self,
        positions: Range<usize>,
    ) -> impl Iterator<Item = (usize, Tile<'a, Input, Target, BATCH>)> {
        let (start, part) = (positions.start, self.part(positions));
        (0..part.len()).step_by(BATCH.max(1)).filter_map(move |first| Some((start + first, part.tile(first)?)))
    }

    /// Checks that each row of the order is one of the data.
    pub(super) fn check_rows(&self) -> Result<(), TrainError> {
        let samples = self.data.len();
        match self.order.and_then(|order| order.iter().find(|row| **row >= samples)) {
            Some(&row) => Err(TrainError::NoSuchRow { row, samples }),
            None => Ok(()),
        }
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
        let (_, input, target) = self.get(first)?;
        let mut tile = Tile { inputs: [input; BATCH], targets: [target; BATCH], rows: BATCH.min(self.len() - first) };
        // a loop, not a function of the row, which would be called for each
        for (position, (input, target)) in (first..).zip(tile.inputs.iter_mut().zip(&mut tile.targets)) {
            if let Some(sample) = self.get(position) {
                (*input, *target) = (sample.1, sample.2);
            }
        }
        Some(tile)
    }

    #[cfg(feature = "alloc")]
    /// The sums of the samples' weights, for each output.
    pub(super) fn weights<T: Scalar, Output: OutputRow, L: Loss<Target, Output, T>>(
        &self,
        loss: &L,
    ) -> Output::Each<f64> {
        let mut sums: Output::Each<f64> = on_stack();
        for (_, _, target) in self.iter() {
            let mut weights: Output::Each<f64> = on_stack();
            loss.weight_each(target, weights.as_mut());
            add(sums.as_mut(), weights.as_ref());
        }
        sums
    }
}

/// Adds numbers to others.
#[inline(always)]
pub(super) fn add(sums: &mut [f64], values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}

/// The sums of the samples' weights, for each output of a network.
pub(super) type Weights<N> = <<N as Architecture>::Output as OutputRow>::Each<f64>;

/// Checks every sample of a data set; returns the sums of their weights.
#[inline(always)]
pub(super) fn check<N, L, Target, T>(data: &Dataset<N::Input, Target>, loss: &L) -> Result<Weights<N>, Refused>
where
    N: Architecture,
    T: Scalar,
    L: Loss<Target, N::Output, T>,
{
    let inputs = check_inputs::<N>(data.inputs());
    // the targets of the samples before the one whose input is refused
    let rows = inputs.map_or_else(|refused| refused.row, |()| data.len());
    let mut sums: Weights<N> = on_stack();
    for (row, target) in data.targets().iter().enumerate().take(rows) {
        loss.check_each(target).map_err(|(output, error)| Refused { row, error: wrong_target::<N>(output, error) })?;
        let mut weights: Weights<N> = on_stack();
        loss.weight_each(target, weights.as_mut());
        weights.as_ref().iter().try_for_each(|weight| check_weight(row, *weight))?;
        add(sums.as_mut(), weights.as_ref());
    }
    inputs.map(|()| sums)
}

/// Checks the samples of a mini-batch; returns the sums of their weights.
pub(super) fn check_ordered<N, L, Target, T>(
    samples: &Samples<N::Input, Target>,
    loss: &L,
) -> Result<Weights<N>, TrainError>
where
    N: Architecture,
    T: Scalar,
    L: Loss<Target, N::Output, T>,
{
    samples.check_rows()?;
    if samples.len() == 0 {
        return Err(DataError::Empty.into());
    }
    let mut sums: Weights<N> = on_stack();
    for (row, input, target) in samples.iter() {
        let sample = Dataset::new(from_ref(input), from_ref(target))?;
        let weights = check::<N, L, Target, T>(&sample, loss).map_err(|refused| Refused { row, ..refused })?;
        add(sums.as_mut(), weights.as_ref());
    }
    Ok(sums)
}

/// What is wrong with a target, for the output of this number.
#[cold]
fn wrong_target<N: Architecture>(output: Option<usize>, error: TargetError) -> SampleError {
    match output.and_then(|output| N::OUTPUTS.get(output)) {
        Some(output) => SampleError::TargetOf { output: output.name, error },
        None => SampleError::Target(error),
    }
}

/// Checks how much a sample counts: a loss of a user's own says so.
#[inline(always)]
fn check_weight(row: usize, weight: f64) -> Result<(), Refused> {
    if (0.0..f64::INFINITY).contains(&weight) {
        Ok(())
    } else {
        Err(Refused { row, error: SampleError::Weight { value: weight } })
    }
}

/// Checks the inputs: indices are in range, numbers are finite.
#[inline(always)]
pub(super) fn check_inputs<N: Architecture>(inputs: &[N::Input]) -> Result<(), Refused> {
    let indices = N::Input::check_indices(inputs, N::INPUTS);
    indices.map_err(|(row, error)| Refused { row, error: SampleError::Index(error) })?;
    match N::Input::find_not_finite(inputs) {
        Some((row, position, value)) => {
            Err(Refused { row, error: SampleError::Input { column: Column::at(N::INPUTS, position), value } })
        }
        None => Ok(()),
    }
}

/// The sum of the outputs' losses, each the mean over the samples.
pub(super) fn total_mean(sums: &[f64], weights: &[f64]) -> f64 {
    let mut means = sums.iter().zip(weights).map(|(sum, weight)| mean(*sum, *weight));
    // not `sum`, which begins with -0
    let first = means.next().unwrap_or(0.0);
    means.fold(first, |total, mean| total + mean)
}

/// The weighted mean of losses, from their sum and the sum of their weights; 0 of samples that all weigh nothing. A sum that
/// is not finite gives NaN there.
pub(super) fn mean(sum: f64, weight: f64) -> f64 {
    if weight == 0.0 { 0.0 * sum } else { sum / weight }
}
