//! The lanes that each weight of a convolution meets, as the rows of a contraction.

use super::Window2d;
use super::contraction::Rows;
use super::factors::array;
use super::rows::copy_rows;
use crate::scalar::Scalar;

/// The points of an image under each point of a window, for all positions of the window: row
/// `(channel · kernel height + i) · kernel width + j`, lane `(y · output width + x) · batch + sample`.
#[derive(Clone, Copy)]
pub(crate) struct Patches<'a, T> {
    /// The image, as many lanes a pixel as `batch`; the padding around it counts as 0.
    pub(crate) image: &'a [T],
    /// The geometry.
    pub(crate) window: Window2d,
    /// The number of samples.
    pub(crate) batch: usize,
}

impl<T: Scalar> Rows<T> for Patches<'_, T> {
    #[inline(always)]
    fn fetch<'a, const R: usize, const TERMS: usize>(
        &'a self,
        row: usize,
        lane: usize,
        copies: &'a mut [[T; TERMS]; R],
    ) -> Option<[&'a [T; TERMS]; R]> {
        let [height, width] = self.window.kernel;
        let (mut i, mut j) = (row.checked_div(width)?, row.checked_rem(width)?);
        let mut channel = i.checked_div(height)?;
        i -= channel * height;
        let start = self.start(lane)?;
        let mut in_place = [None; R];
        for (lanes, copy) in in_place.iter_mut().zip(&mut *copies) {
            let point = Point { channel, i, j };
            *lanes = self.in_place(point, start);
            if lanes.is_none() {
                self.copy(point, start, copy);
            }
            j += 1;
            if j == width {
                (i, j) = (i + 1, 0);
            }
            if i == height {
                (channel, i) = (channel + 1, 0);
            }
        }
        let mut rows = copies.each_ref();
        for (row, lanes) in rows.iter_mut().zip(in_place) {
            *row = lanes.unwrap_or(row);
        }
        Some(rows)
    }
}

/// A point of the window, in a channel.
#[derive(Clone, Copy)]
struct Point {
    channel: usize,
    i: usize,
    j: usize,
}

/// A lane of the output: its row, and where it is in this row.
#[derive(Clone, Copy)]
struct Start {
    y: usize,
    lane: usize,
}

impl<T: Scalar> Patches<'_, T> {
    #[inline(always)]
    fn start(&self, lane: usize) -> Option<Start> {
        let row = self.window.output[1] * self.batch;
        Some(Start { y: lane.checked_div(row)?, lane: lane.checked_rem(row)? })
    }

    /// The lanes of the image's row that `point` meets while the window is in row `y`; none in the padding.
    #[inline(always)]
    fn image_row(&self, point: Point, y: usize) -> Option<&[T]> {
        let [height, width] = self.window.input;
        let y = y * self.window.stride[0] + point.i * self.window.dilation[0];
        let y = y.checked_sub(self.window.padding[0]).filter(|y| *y < height)?;
        let row = width * self.batch;
        self.image.get((point.channel * height + y) * row..)?.get(..row)
    }

    /// Where in the image's row the lane is that `point` meets at the output's `lane`, plus the lanes of the padding.
    #[inline(always)]
    fn image_lane(&self, point: Point, lane: usize) -> usize {
        let shift = point.j * self.window.dilation[1] * self.batch;
        if self.window.stride[1] == 1 {
            return lane + shift;
        }
        let (x, sample) = (lane / self.batch.max(1), lane % self.batch.max(1));
        x * self.window.stride[1] * self.batch + sample + shift
    }

    #[inline(always)]
    fn in_place<const TERMS: usize>(&self, point: Point, start: Start) -> Option<&[T; TERMS]> {
        let [height, width] = self.window.output;
        if self.window.stride[1] != 1 || start.y >= height || start.lane + TERMS > width * self.batch {
            return None;
        }
        let lane = self.image_lane(point, start.lane).checked_sub(self.window.padding[1] * self.batch)?;
        array(self.image_row(point, start.y)?, lane)
    }

    #[inline(never)]
    fn copy(&self, point: Point, mut start: Start, mut target: &mut [T]) {
        let ([height, width], batch) = (self.window.output, self.batch);
        // as many lanes as are neighbours in the image as well, and how far they are there from the next
        let (stretch, step) =
            if self.window.stride[1] == 1 { (width * batch, 0) } else { (batch, self.window.stride[1] * batch) };
        while start.y < height && !target.is_empty() && batch > 0 {
            let (mut lanes, rest) = target.split_at_mut((width * batch - start.lane).min(target.len()));
            match self.image_row(point, start.y) {
                Some(row) => {
                    let done = start.lane.checked_rem(stretch).unwrap_or_default();
                    let (mut lane, mut count) = (self.image_lane(point, start.lane), stretch - done);
                    while !lanes.is_empty() {
                        let (next, others) = lanes.split_at_mut(count.min(lanes.len()));
                        copy_padded(row, lane, self.window.padding[1] * batch, next);
                        lane = (lane + step + count).wrapping_sub(stretch);
                        (lanes, count) = (others, stretch);
                    }
                }
                None => lanes.fill(T::ZERO),
            }
            target = rest;
            start = Start { y: start.y + 1, lane: 0 };
        }
        target.fill(T::ZERO);
    }
}

/// Copies from `row`, as if there were `padding` zeros before and zeros after it, beginning with `start`.
#[inline(always)]
fn copy_padded<T: Scalar>(row: &[T], start: usize, padding: usize, target: &mut [T]) {
    if let Some(source) = start.checked_sub(padding).and_then(|start| row.get(start..start + target.len())) {
        return copy_rows(1, target.len(), (source, 0), (target, 0));
    }
    let before = padding.saturating_sub(start).min(target.len());
    let (zeros, target) = target.split_at_mut(before);
    let source = row.get((start + before).saturating_sub(padding)..).unwrap_or_default();
    let inside = source.len().min(target.len());
    let (target, after) = target.split_at_mut(inside);
    zeros.fill(T::ZERO);
    if let Some(source) = source.get(..inside) {
        target.copy_from_slice(source);
    }
    after.fill(T::ZERO);
}
