//! Where the windows of a pool stand, and which points of the input each of them meets.

use crate::kernels::Window2d;
use crate::scalar::Scalar;

const DOWN: usize = 0;
const ACROSS: usize = 1;

/// Where the windows start in the padded input, in the order of the output.
#[inline(always)]
pub(crate) fn starts(window: &Window2d) -> impl Iterator<Item = [usize; 2]> {
    let Window2d { output: [height, width], stride, .. } = *window;
    (0..height).flat_map(move |y| (0..width).map(move |x| [y * stride[DOWN], x * stride[ACROSS]]))
}

/// The points of an input channel; not 0, as a slice is cut by it.
#[inline(always)]
pub(crate) fn area(window: &Window2d) -> usize {
    (window.input[DOWN] * window.input[ACROSS]).max(1)
}

/// The points, other than padding, of the window that starts at `start` in the padded input: their positions in the
/// window, as wide as an `f32` so that both are selected alike, and their places in the input channel.
#[inline(always)]
pub(crate) fn points(window: &Window2d, start: [usize; 2]) -> impl Iterator<Item = (u32, usize)> {
    let [kernel_width, width] = [window.kernel[ACROSS], window.input[ACROSS]];
    let across = along(window, ACROSS, start);
    along(window, DOWN, start)
        .flat_map(move |(i, y)| across.clone().map(move |(j, x)| ((i * kernel_width + j) as u32, y * width + x)))
}

/// The same along one axis.
#[inline(always)]
fn along(window: &Window2d, axis: usize, start: [usize; 2]) -> impl Iterator<Item = (usize, usize)> + Clone {
    let (padding, dilation, start) = (window.padding[axis], window.dilation[axis], start[axis]);
    // how many points there are before a distance
    let count = |distance: usize| if dilation > 1 { distance.div_ceil(dilation) } else { distance };
    let first = count(padding.saturating_sub(start));
    let end = window.kernel[axis].min(count((window.input[axis] + padding).saturating_sub(start)));
    (first..end).map(move |position| (position, (start + position * dilation).wrapping_sub(padding)))
}

/// Whether `value` comes after `maximum`, a NaN coming last.
#[inline(always)]
#[expect(clippy::eq_op, reason = "only a NaN differs from itself")]
#[expect(clippy::needless_bitwise_bool, reason = "a lazy operator would branch, seven times slower")]
pub(crate) fn replaces<T: Scalar>(value: T, maximum: T) -> bool {
    (value > maximum) | (value != value)
}
