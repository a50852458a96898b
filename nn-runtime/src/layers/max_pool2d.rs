//! The maximum of each window of each channel. PyTorch: `torch.nn.MaxPool2d(kernel, stride, padding)`.
//!
//! ```text
//! output[c, y, x] = max over i < kernel[0], j < kernel[1] of
//!                   input[c, y · stride[0] + i - padding[0], x · stride[1] + j - padding[1]]
//!                                                     [BATCH, C, H, W] -> [BATCH, C, OH, OW]
//! ```
//!
//! Padding counts as -∞; a NaN in a window is its maximum. Dilation is 1.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, y', x'] = Σ grad_output[c, y, x]   over the windows whose maximum stands at y', x'
//! ```
//!
//! Cached: the position `i · kernel[1] + j` of each maximum in its window, a byte. A tie goes to the first position.

use core::iter;

use nalgebra::SMatrix;

use crate::kernels::{Isa, Kernel, Window2d};
use crate::scalar::Scalar;

/// Overwrites `output` with the maxima, and `cache` with their positions. The window has at most 256 points.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
    cache: &mut SMatrix<u8, BATCH, M>,
) {
    let positions = cache.data.0.iter_mut().map(Some);
    isa.call(Maxima { window, input: &input.data.0, output: &mut output.data.0, positions });
}

/// Overwrites `output` with the maxima.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    let positions = iter::repeat_with(|| None);
    isa.call(Maxima { window, input: &input.data.0, output: &mut output.data.0, positions });
}

/// Overwrites `grad_input`.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    cache: &SMatrix<u8, BATCH, M>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let (positions, grad_output, grad_input) = (&cache.data.0, &grad_output.data.0, &mut grad_input.data.0);
    isa.call(ScatterToMaxima { window, positions, grad_output, grad_input });
}

struct Maxima<'a, T, P, const BATCH: usize> {
    window: Window2d,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
    positions: P,
}

impl<'a, T: Scalar, P: Iterator<Item = Option<&'a mut [u8; BATCH]>>, const BATCH: usize> Kernel
    for Maxima<'_, T, P, BATCH>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let mut windows = self.output.iter_mut().zip(self.positions);
        for channel in self.input.chunks_exact(area(&self.window)) {
            for y in starts(&self.window, DOWN) {
                for x in starts(&self.window, ACROSS) {
                    let Some((output, positions)) = windows.next() else { return };
                    maximum(&self.window, channel, [y, x], output, positions);
                }
            }
        }
    }
}

struct ScatterToMaxima<'a, T, const BATCH: usize> {
    window: Window2d,
    positions: &'a [[u8; BATCH]],
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for ScatterToMaxima<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let mut windows = self.grad_output.iter().zip(self.positions);
        self.grad_input.fill([T::ZERO; BATCH]);
        for channel in self.grad_input.chunks_exact_mut(area(&self.window)) {
            for y in starts(&self.window, DOWN) {
                for x in starts(&self.window, ACROSS) {
                    let Some((grad_output, positions)) = windows.next() else { return };
                    add_at_maximum(&self.window, channel, [y, x], grad_output, positions);
                }
            }
        }
    }
}

/// Where the windows start along one axis of the padded input.
#[inline(always)]
fn starts(window: &Window2d, axis: usize) -> impl Iterator<Item = usize> {
    let stride = window.stride[axis];
    (0..window.output[axis]).map(move |place| place * stride)
}

/// The points of an input channel; not 0, as a slice is cut by it.
#[inline(always)]
fn area(window: &Window2d) -> usize {
    (window.input[DOWN] * window.input[ACROSS]).max(1)
}

/// The maximum of the window that starts at `place` in the padded input, and its position.
#[inline(always)]
fn maximum<T: Scalar, const BATCH: usize>(
    window: &Window2d,
    channel: &[[T; BATCH]],
    place: [usize; 2],
    output: &mut [T; BATCH],
    positions: Option<&mut [u8; BATCH]>,
) {
    let mut places = points(window, place);
    let Some((first, lane)) = places.next().and_then(|(position, place)| Some((position, channel.get(place)?))) else {
        return;
    };
    let (mut maxima, mut at) = (*lane, [first; BATCH]);
    for (position, place) in places {
        let Some(lane) = channel.get(place) else { continue };
        // A choice between a new value and the one in place would compile to a masked store, ten times slower.
        let previous = maxima;
        for (((maximum, at), &previous), &value) in maxima.iter_mut().zip(&mut at).zip(&previous).zip(lane) {
            let is_greater = replaces(value, previous);
            *maximum = if is_greater { value } else { previous };
            *at = if is_greater { position } else { *at };
        }
    }
    *output = maxima;
    if let Some(positions) = positions {
        *positions = at.map(|position| position as u8);
    }
}

/// Adds the gradient of one maximum to the input's at the maximum's position.
#[inline(always)]
fn add_at_maximum<T: Scalar, const BATCH: usize>(
    window: &Window2d,
    channel: &mut [[T; BATCH]],
    place: [usize; 2],
    grad_output: &[T; BATCH],
    positions: &[u8; BATCH],
) {
    let (grad_output, at) = (*grad_output, positions.map(u32::from));
    for (position, place) in points(window, place) {
        let Some(grad_input) = channel.get_mut(place) else { continue };
        for ((grad_input, &grad_output), &at) in grad_input.iter_mut().zip(&grad_output).zip(&at) {
            *grad_input += if at == position { grad_output } else { T::ZERO };
        }
    }
}

/// Whether `value` comes after `maximum`, a NaN coming last.
#[inline(always)]
#[expect(clippy::eq_op, reason = "only a NaN differs from itself")]
#[expect(clippy::needless_bitwise_bool, reason = "a lazy operator would branch, seven times slower")]
fn replaces<T: Scalar>(value: T, maximum: T) -> bool {
    (value > maximum) | (value != value)
}

const DOWN: usize = 0;
const ACROSS: usize = 1;

/// The points, other than padding, of the window that starts at `place` in the padded input: their positions in the
/// window, as wide as an `f32` so that both are selected alike, and their places in the input channel.
#[inline(always)]
fn points(window: &Window2d, place: [usize; 2]) -> impl Iterator<Item = (u32, usize)> {
    let [kernel_width, width] = [window.kernel[ACROSS], window.input[ACROSS]];
    let across = along(window, ACROSS, place);
    along(window, DOWN, place)
        .flat_map(move |(i, y)| across.clone().map(move |(j, x)| ((i * kernel_width + j) as u32, y * width + x)))
}

/// The same along one axis.
#[inline(always)]
fn along(window: &Window2d, axis: usize, place: [usize; 2]) -> impl Iterator<Item = (usize, usize)> + Clone {
    let (padding, start) = (window.padding[axis], place[axis]);
    let first = padding.saturating_sub(start);
    let end = window.kernel[axis].min((window.input[axis] + padding).saturating_sub(start));
    (first..end).map(move |position| (position, (start + position).wrapping_sub(padding)))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "maxima are copies, and the gradients are exact in binary")]
mod tests;
