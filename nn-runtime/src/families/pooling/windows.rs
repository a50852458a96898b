//! Where the windows of a pool stand, and which points of the input each of them meets.

use core::ops::Range;

use crate::kernels::{Isa, Kernel, Window2d};
use crate::scalar::Scalar;

pub(super) const DOWN: usize = 0;
pub(super) const ACROSS: usize = 1;

/// The points of an input channel; not 0, as a slice is cut by it.
#[inline(always)]
pub(super) fn area(window: &Window2d) -> usize {
    (window.input[DOWN] * window.input[ACROSS]).max(1)
}

/// The points of a window, other than padding, along one axis.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// The position of the first in the window.
    position: usize,
    /// How many there are.
    pub(super) count: usize,
    /// The place of the first in the input.
    place: usize,
    /// Where the window begins, counted from the first point of the padding, and how many points it has with those beside the
    /// input.
    start: usize,
    kernel: usize,
}

impl Span {
    /// Those of the window of the output's row or column `at`.
    #[inline(always)]
    pub(super) fn new(window: &Window2d, axis: usize, at: usize) -> Self {
        let (padding, dilation, start) = (window.padding[axis], window.dilation[axis], at * window.stride[axis]);
        // how many points there are before a distance
        let before = |distance: usize| if dilation > 1 { distance.div_ceil(dilation) } else { distance };
        let position = before(padding.saturating_sub(start));
        let end = window.kernel[axis].min(before((window.input[axis] + padding).saturating_sub(start)));
        let place = (start + position * dilation).wrapping_sub(padding);
        Self { position, count: end.saturating_sub(position), place, start, kernel: window.kernel[axis] }
    }

    /// That of a window all of whose points are in the input.
    #[inline(always)]
    fn whole(window: &Window2d, axis: usize) -> Self {
        let kernel = window.kernel[axis];
        Self { position: 0, count: kernel, place: 0, start: 0, kernel }
    }

    /// How many points of a window without dilation there are before the end of the padding, where the input with its padding
    /// has this size.
    #[inline(always)]
    pub(super) fn within(self, padded: usize) -> usize {
        self.kernel.min(padded.saturating_sub(self.start))
    }
}

/// The points, other than padding, of the window of the output at `y` and `x`: their positions in the window, as wide as an
/// `f32` so that both are selected alike, and their places in the input channel.
#[inline(always)]
pub(super) fn points(window: &Window2d, y: usize, x: usize) -> Points {
    Points::new(window, Span::new(window, DOWN, y), Span::new(window, ACROSS, x))
}

/// An iterator written out: a chain of closures may not be inlined, and what is not is compiled for the portable level.
pub(super) struct Points {
    /// The next point, and how many points of its row are left, itself included.
    position: usize,
    place: usize,
    left: usize,
    rows_left: usize,
    width: usize,
    /// From a point to the next, and from the first point of a row to that of the next.
    step: usize,
    row_positions: usize,
    row_places: usize,
}

impl Points {
    #[inline(always)]
    fn new(window: &Window2d, down: Span, across: Span) -> Self {
        Self {
            position: down.position * window.kernel[ACROSS] + across.position,
            place: down.place * window.input[ACROSS] + across.place,
            left: across.count,
            rows_left: if across.count == 0 { 0 } else { down.count },
            width: across.count,
            step: window.dilation[ACROSS],
            row_positions: window.kernel[ACROSS],
            row_places: window.dilation[DOWN] * window.input[ACROSS],
        }
    }
}

impl Iterator for Points {
    type Item = (u32, usize);

    #[inline(always)]
    fn next(&mut self) -> Option<(u32, usize)> {
        if self.rows_left == 0 {
            return None;
        }
        let point = (self.position as u32, self.place);
        self.left -= 1;
        if self.left == 0 {
            let back = self.width - 1;
            self.position = self.position + self.row_positions - back;
            self.place = (self.place + self.row_places).wrapping_sub(back * self.step);
            (self.left, self.rows_left) = (self.width, self.rows_left - 1);
        } else {
            self.position += 1;
            self.place = self.place.wrapping_add(self.step);
        }
        Some(point)
    }
}

/// What becomes of the points of a window. Implementations are `#[inline(always)]`.
pub(super) trait Fold<T>: Copy {
    /// What a window without points makes.
    const START: f64;

    /// One more point.
    fn add(self, so_far: T, value: T) -> T;

    /// By what the result of a window is multiplied.
    fn factor(self, down: Span, across: Span) -> T;
}

/// Folds the points of every window.
pub(super) struct FoldWindows<'a, F, T, const BATCH: usize> {
    pub(super) window: Window2d,
    pub(super) fold: F,
    pub(super) input: &'a [[T; BATCH]],
    pub(super) output: &'a mut [[T; BATCH]],
}

impl<F: Fold<T>, T: Scalar, const BATCH: usize> Kernel for FoldWindows<'_, F, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self { ref window, fold, input, output } = self;
        let [height, width] = window.output.map(|size| size.max(1));
        let are_squares = *window
            == Window2d { kernel: [2; 2], stride: [2; 2], padding: [0; 2], dilation: [1; 2], ..*window }
            && 2 * height <= window.input[DOWN]
            && 2 * width <= window.input[ACROSS];
        if const { BATCH == 1 } && are_squares && width >= 4 {
            fold_squares(fold, window, input.as_flattened(), output.as_flattened_mut());
            return;
        }
        let whole = if const { BATCH == 1 } { whole(window) } else { 0..0 };
        for (channel, output) in input.chunks_exact(area(window)).zip(output.chunks_exact_mut(height * width)) {
            for (y, output) in output.chunks_exact_mut(width).enumerate() {
                let row = Row { window, channel, down: Span::new(window, DOWN, y) };
                let mut x = 0;
                while x < width {
                    x = if whole.contains(&x) && whole.len() >= 8 {
                        row.fold_neighbours::<F, 8>(fold, x.min(whole.end - 8), output)
                    } else if whole.contains(&x) && whole.len() >= 4 {
                        row.fold_neighbours::<F, 4>(fold, x.min(whole.end - 4), output)
                    } else {
                        row.fold_window(fold, x, output)
                    };
                }
            }
        }
    }
}

/// The commonest windows, of 2x2 points side by side, of a single sample.
#[inline(always)]
fn fold_squares<F: Fold<T>, T: Scalar>(fold: F, window: &Window2d, input: &[T], output: &mut [T]) {
    let [height, width] = window.output;
    let factor = fold.factor(Span::whole(window, DOWN), Span::whole(window, ACROSS));
    for (channel, output) in input.chunks_exact(area(window)).zip(output.chunks_exact_mut(height * width)) {
        let row = window.input[ACROSS];
        for (rows, output) in channel.chunks_exact(2 * row).zip(output.chunks_exact_mut(width)) {
            let (above, below) = rows.split_at(row);
            let rows = [above, below].map(|row| row.as_chunks().0);
            if width >= 8 {
                fold_row_of_squares::<F, T, 8>(fold, factor, rows, output);
            } else {
                fold_row_of_squares::<F, T, 4>(fold, factor, rows, output);
            }
        }
    }
}

/// `L` windows at once; the last begin earlier where fewer are left.
#[inline(always)]
fn fold_row_of_squares<F: Fold<T>, T: Scalar, const L: usize>(
    fold: F,
    factor: T,
    rows: [&[[T; 2]]; 2],
    output: &mut [T],
) {
    let last = output.len().saturating_sub(L);
    for x in (0..output.len()).step_by(L).map(|x| x.min(last)) {
        let mut folded = [T::from_f64(<F as Fold<T>>::START); L];
        for row in rows {
            let Some(pairs) = row.get(x..).and_then(|row| row.first_chunk::<L>()) else { return };
            folded = fold_lanes(fold, folded, pairs.map(|[value, _]| value));
            folded = fold_lanes(fold, folded, pairs.map(|[_, value]| value));
        }
        let Some(output) = output.get_mut(x..).and_then(|output| output.first_chunk_mut::<L>()) else { return };
        *output = folded.map(|folded| folded * factor);
    }
}

/// The windows of a row that meet no padding left or right of the input.
#[inline(always)]
fn whole(window: &Window2d) -> Range<usize> {
    let (padding, stride) = (window.padding[ACROSS], window.stride[ACROSS].max(1));
    let reach = window.kernel[ACROSS].saturating_sub(1) * window.dilation[ACROSS];
    let places = (window.input[ACROSS] + padding).saturating_sub(reach);
    padding.div_ceil(stride)..places.div_ceil(stride).min(window.output[ACROSS])
}

/// A row of windows over a channel of the input.
#[derive(Clone, Copy)]
struct Row<'a, T, const BATCH: usize> {
    window: &'a Window2d,
    channel: &'a [[T; BATCH]],
    down: Span,
}

impl<T: Scalar, const BATCH: usize> Row<'_, T, BATCH> {
    /// Folds the window at `x`, and returns how many are done then.
    #[inline(always)]
    fn fold_window<F: Fold<T>>(self, fold: F, x: usize, output: &mut [[T; BATCH]]) -> usize {
        let across = Span::new(self.window, ACROSS, x);
        let mut folded = [T::from_f64(<F as Fold<T>>::START); BATCH];
        for (_, place) in Points::new(self.window, self.down, across) {
            let Some(lane) = self.channel.get(place) else { continue };
            for (folded, value) in folded.iter_mut().zip(lane) {
                *folded = fold.add(*folded, *value);
            }
        }
        let factor = fold.factor(self.down, across);
        if let Some(output) = output.get_mut(x) {
            *output = folded.map(|folded| folded * factor);
        }
        x + 1
    }

    /// Of a single sample: folds the `L` windows from `first` on, which meet no padding left or right, side by side. Returns
    /// how many are done then.
    #[inline(always)]
    fn fold_neighbours<F: Fold<T>, const L: usize>(self, fold: F, first: usize, output: &mut [[T; BATCH]]) -> usize {
        let Window2d { kernel, stride, padding, dilation, input, .. } = *self.window;
        let channel = self.channel.as_flattened();
        let mut start = self.down.place * input[ACROSS] + first * stride[ACROSS] - padding[ACROSS];
        let mut folded = [T::from_f64(<F as Fold<T>>::START); L];
        let are_pairs = (kernel[ACROSS], stride[ACROSS], dilation[ACROSS]) == (2, 2, 1);
        for _ in 0..self.down.count {
            let row = channel.get(start..).unwrap_or_default();
            start += dilation[DOWN] * input[ACROSS];
            // both values of a pair come from one reading
            if are_pairs && let Some(pairs) = row.as_chunks::<2>().0.first_chunk::<L>() {
                folded = fold_lanes(fold, folded, pairs.map(|[value, _]| value));
                folded = fold_lanes(fold, folded, pairs.map(|[_, value]| value));
                continue;
            }
            for position in 0..kernel[ACROSS] {
                let values = row.get(position * dilation[ACROSS]..).unwrap_or_default();
                folded = fold_lanes(fold, folded, spread(values, stride[ACROSS]));
            }
        }
        let factor = fold.factor(self.down, Span::whole(self.window, ACROSS));
        if let Some(output) = output.as_flattened_mut().get_mut(first..).and_then(|output| output.first_chunk_mut()) {
            *output = folded.map(|folded| folded * factor);
        }
        first + L
    }
}

/// One more point of each of `L` windows.
#[inline(always)]
fn fold_lanes<F: Fold<T>, T: Scalar, const L: usize>(fold: F, so_far: [T; L], values: [T; L]) -> [T; L] {
    core::array::from_fn(|i| fold.add(so_far[i], values[i]))
}

/// Values that are `stride` apart.
#[inline(always)]
fn spread<T: Scalar, const L: usize>(values: &[T], stride: usize) -> [T; L] {
    if stride == 1
        && let Some(values) = values.first_chunk()
    {
        return *values;
    }
    if stride == 2
        && let Some(pairs) = values.as_chunks::<2>().0.first_chunk::<L>()
    {
        return pairs.map(|[value, _]| value);
    }
    let mut spread = [T::ZERO; L];
    for (place, value) in spread.iter_mut().zip(values.iter().step_by(stride.max(1))) {
        *place = *value;
    }
    spread
}

/// Whether `value` comes after `maximum`, a NaN coming last.
#[inline(always)]
#[expect(clippy::eq_op, reason = "only a NaN differs from itself")]
#[expect(clippy::needless_bitwise_bool, reason = "a lazy operator would branch, seven times slower")]
pub(crate) fn replaces<T: Scalar>(value: T, maximum: T) -> bool {
    (value > maximum) | (value != value)
}
