//! Sequence lengths of a tile: all steps, or one length for each sample, after which the steps are padding.

use nalgebra::SMatrix;

use crate::scalar::{Element, Scalar};

/// The lengths of the sequences of a tile of `BATCH` samples.
pub trait Lengths<const BATCH: usize>: Copy {
    /// Whether every sequence has all steps.
    const ARE_WHOLE: bool;

    /// The number of valid steps of a sample.
    fn of(&self, row: usize) -> usize;
}

/// Sequences that have all steps.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

impl<const BATCH: usize> Lengths<BATCH> for Whole {
    const ARE_WHOLE: bool = true;

    #[inline(always)]
    fn of(&self, _row: usize) -> usize {
        usize::MAX
    }
}

/// One length for each sample.
impl<E: Element, const BATCH: usize> Lengths<BATCH> for &SMatrix<E, BATCH, 1> {
    const ARE_WHOLE: bool = false;

    #[inline(always)]
    fn of(&self, row: usize) -> usize {
        self.as_slice().get(row).and_then(|length| length.as_index()).unwrap_or(0)
    }
}

/// Overwrites the entries of rows of so many steps, each `BATCH` lanes, where the step is padding.
#[inline(always)]
pub(crate) fn fill_padding<T: Scalar, L: Lengths<BATCH>, const BATCH: usize>(
    lengths: L,
    steps: usize,
    value: T,
    rows: &mut [T],
) {
    if const { L::ARE_WHOLE } {
        return;
    }
    let lengths: [usize; BATCH] = core::array::from_fn(|row| lengths.of(row));
    for row in rows.as_chunks_mut::<BATCH>().0.chunks_exact_mut(steps.max(1)) {
        for (step, lanes) in row.iter_mut().enumerate() {
            for (lane, length) in lanes.iter_mut().zip(lengths) {
                *lane = if step < length { *lane } else { value };
            }
        }
    }
}

/// Overwrites the lanes of a step with zeros for the samples whose sequences have ended.
#[inline(always)]
pub(crate) fn clear_after_length<T: Scalar, L: Lengths<BATCH>, const BATCH: usize>(
    lengths: L,
    step: usize,
    lanes: &mut [T],
) {
    if const { L::ARE_WHOLE } {
        return;
    }
    let is_padding: [bool; BATCH] = core::array::from_fn(|row| step >= lengths.of(row));
    for lane in lanes.as_chunks_mut::<BATCH>().0 {
        for (value, is_padding) in lane.iter_mut().zip(is_padding) {
            if is_padding {
                *value = T::ZERO;
            }
        }
    }
}
