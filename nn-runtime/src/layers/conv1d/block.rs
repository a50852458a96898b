//! Several steps of a causal convolution of stride 1 at once: im2col over time. `moved` holds the input shifted by each tap, with
//! the steps before the block taken from the past; one product whose lanes are the steps computes all sums.

#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};

use super::step::Past;
use crate::kernels::dense::multiply;
use crate::kernels::{Isa, Kernel, Start};
use crate::scalar::Scalar;

/// The edge of the square blocks that are transposed in registers.
const EDGE: usize = 4;

/// Overwrites `output` with the outputs of the next steps, one row each, and updates `state` as that many calls of
/// [`step`](super::step) would. With groups the outputs have the same bits; without, the sums have another order.
///
/// `moved` is memory for the call: a column for each channel and tap, none for a kernel of one tap.
pub fn step_block<
    I: Isa,
    T: Scalar,
    const FRAMES: usize,
    const OUT: usize,
    const K: usize,
    const LEN: usize,
    const CHANNELS: usize,
    const MOVED: usize,
>(
    isa: I,
    dilation: usize,
    groups: usize,
    weight: &SMatrix<T, OUT, K>,
    bias: Option<&SVector<T, OUT>>,
    state: &mut SVector<T, LEN>,
    input: &SMatrix<T, FRAMES, CHANNELS>,
    output: &mut SMatrix<T, FRAMES, OUT>,
    moved: &mut SMatrix<T, FRAMES, MOVED>,
) {
    let Some((position, frames)) = state.as_mut_slice().split_last_mut() else { return };
    let groups = groups.max(1);
    isa.call_for::<_, FRAMES>(Block::<T, FRAMES> {
        dilation,
        kernel: K / (CHANNELS / groups).max(1),
        groups,
        weight: weight.as_slice(),
        bias: bias.map(SVector::as_slice),
        past: Past { frames, position },
        input: &input.data.0,
        moved: &mut moved.data.0,
        output: &mut output.data.0,
    });
}

struct Block<'a, T, const FRAMES: usize> {
    dilation: usize,
    kernel: usize,
    groups: usize,
    weight: &'a [T],
    bias: Option<&'a [T]>,
    past: Past<'a, T>,
    /// A lane of steps for each channel.
    input: &'a [[T; FRAMES]],
    /// Memory for the lanes that an output is made of: a lane of steps for each channel and tap.
    moved: &'a mut [[T; FRAMES]],
    /// A lane of steps for each output.
    output: &'a mut [[T; FRAMES]],
}

impl<T: Scalar, const FRAMES: usize> Kernel for Block<'_, T, FRAMES> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(mut self, isa: I) {
        if self.kernel > 1 {
            self.move_by_taps(isa);
            self.remember(isa);
        }
        let Self { kernel, groups, weight, bias, input, moved, output, .. } = self;
        let (lanes, outputs) = (if kernel > 1 { &*moved } else { input }, output.len());
        let of_groups = lanes.chunks((lanes.len() / groups).max(1)).zip(output.chunks_mut((outputs / groups).max(1)));
        for (group, (lanes, output)) in of_groups.enumerate() {
            let first = group * output.len();
            let weight = weight.get(first..).unwrap_or_default();
            let start = bias.map_or(Start::Zero, |bias| Start::Bias(bias.get(first..).unwrap_or_default()));
            multiply::<I, T, FRAMES>(isa, weight, outputs, lanes.as_flattened(), start, output.as_flattened_mut());
        }
    }
}

impl<T: Scalar, const FRAMES: usize> Block<'_, T, FRAMES> {
    /// Overwrites `moved` with the input as each tap sees it.
    #[inline(always)]
    fn move_by_taps<I: Isa>(&mut self, isa: I) {
        let Self { dilation, kernel, ref past, input, ref mut moved, .. } = *self;
        for (lane, moved) in input.iter().zip(moved.chunks_exact_mut(kernel)) {
            for (moved, tap) in moved.iter_mut().zip(1..) {
                let before = dilation.saturating_mul(kernel - tap).min(FRAMES);
                if let (Some(moved), Some(lane)) = (moved.get_mut(before..), lane.get(..FRAMES - before)) {
                    moved.copy_from_slice(lane);
                }
            }
        }
        let steps = past.frames.len() / input.len().max(1);
        for tap in 0..kernel - 1 {
            let moved_by = dilation.saturating_mul(kernel - 1 - tap);
            let Some(first) = steps.checked_sub(moved_by) else { return };
            let before = moved_by.min(FRAMES);
            for step in (0..before).step_by(EDGE) {
                let frames = core::array::from_fn(|i| past.frame(first + (step + i).min(before - 1), input.len()));
                let lanes = moved.get_mut(tap..).unwrap_or_default();
                fill_lanes(isa, frames, lanes.iter_mut().step_by(kernel), step..(step + EDGE).min(before));
            }
        }
    }

    /// Puts the block in the place of what is oldest, as steps do.
    #[inline(always)]
    fn remember<I: Isa>(&mut self, isa: I) {
        let (channels, len) = (self.input.len(), self.past.frames.len());
        let first = FRAMES.saturating_sub(len / channels.max(1));
        let mut place = (self.past.start(0, channels) % len.max(1) + first * channels) % len.max(1);
        for first in (first..FRAMES).step_by(EDGE) {
            let count = (FRAMES - first).min(EDGE);
            let mut starts = [0; EDGE];
            for start in starts.iter_mut().take(count) {
                *start = place;
                place = if place + channels < len { place + channels } else { 0 };
            }
            for (block, lanes) in self.input.chunks(EDGE).enumerate() {
                let columns: [[T; EDGE]; EDGE] =
                    core::array::from_fn(|i| lanes.get(i).map_or([T::ZERO; EDGE], |lane| some(lane, first)));
                for (start, row) in starts.iter().zip(isa.transpose(columns)).take(count) {
                    put(self.past.frames, start + block * EDGE, &row, lanes.len());
                }
            }
        }
        *self.past.position = T::from_f64((place / channels.max(1)) as f64);
    }
}

/// Overwrites steps of each channel's lane with the frames of the past.
#[inline(always)]
fn fill_lanes<'m, I: Isa, T: Scalar, const FRAMES: usize>(
    isa: I,
    frames: [&[T]; EDGE],
    mut lanes: impl Iterator<Item = &'m mut [T; FRAMES]>,
    steps: core::ops::Range<usize>,
) {
    let channels = frames.first().map_or(0, |frame| frame.len());
    for channel in (0..channels).step_by(EDGE) {
        let columns = isa.transpose(frames.map(|frame| some(frame, channel)));
        // the columns come first: at their end no lane is taken
        for (column, lane) in columns.iter().take(channels - channel).zip(lanes.by_ref()) {
            put(lane, steps.start, column, steps.len());
        }
    }
}

/// Some values from a place on; zeros after the last.
#[inline(always)]
fn some<T: Scalar>(values: &[T], first: usize) -> [T; EDGE] {
    let values = values.get(first..).unwrap_or_default();
    let whole = values.first_chunk().copied();
    whole.unwrap_or_else(|| core::array::from_fn(|i| values.get(i).copied().unwrap_or(T::ZERO)))
}

/// Overwrites the first `count` values from a place on.
#[inline(always)]
fn put<T: Scalar>(values: &mut [T], first: usize, new: &[T; EDGE], count: usize) {
    let values = values.get_mut(first..).unwrap_or_default();
    match values.first_chunk_mut() {
        Some(place) if count >= EDGE => *place = *new,
        _ => values.iter_mut().zip(new).take(count).for_each(|(value, new)| *value = *new),
    }
}
