//! The lanes that each weight of a convolution meets, as the rows of a contraction.

use super::Window2d;
use super::contraction::Rows;
use super::factors::array;
use super::rows::copy_rows;
use crate::scalar::Scalar;

/// The points of an image under each point of a window, for all positions of the window: row
/// `(channel · kernel height + i) · kernel width + j`, lane `(y · output width + x) · BATCH + sample`.
#[derive(Clone, Copy)]
pub(crate) struct Patches<'a, T, const BATCH: usize> {
    /// The image, `BATCH` lanes a pixel; the padding around it counts as 0.
    pub(crate) image: &'a [T],
    /// The geometry.
    pub(crate) window: Window2d,
}

impl<T: Scalar, const BATCH: usize> Rows<T> for Patches<'_, T, BATCH> {
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

impl<T: Scalar, const BATCH: usize> Patches<'_, T, BATCH> {
    #[inline(always)]
    fn start(&self, lane: usize) -> Option<Start> {
        let row = self.window.output[1] * BATCH;
        Some(Start { y: lane.checked_div(row)?, lane: lane.checked_rem(row)? })
    }

    /// The lanes of the image's row that `point` meets while the window is in row `y`; none in the padding.
    #[inline(always)]
    fn image_row(&self, point: Point, y: usize) -> Option<&[T]> {
        let [height, width] = self.window.input;
        let y = y * self.window.stride[0] + point.i * self.window.dilation[0];
        let y = y.checked_sub(self.window.padding[0]).filter(|y| *y < height)?;
        let row = width * BATCH;
        self.image.get((point.channel * height + y) * row..)?.get(..row)
    }

    /// Where in the image's row the lane is that `point` meets at the output's `lane`, plus the lanes of the padding.
    #[inline(always)]
    fn image_lane(&self, point: Point, lane: usize) -> usize {
        let shift = point.j * self.window.dilation[1] * BATCH;
        if self.window.stride[1] == 1 {
            return lane + shift;
        }
        let (x, sample) = (lane / BATCH, lane % BATCH);
        x * self.window.stride[1] * BATCH + sample + shift
    }

    #[inline(always)]
    fn in_place<const TERMS: usize>(&self, point: Point, start: Start) -> Option<&[T; TERMS]> {
        let [height, width] = self.window.output;
        if self.window.stride[1] != 1 || start.y >= height || start.lane + TERMS > width * BATCH {
            return None;
        }
        let lane = self.image_lane(point, start.lane).checked_sub(self.window.padding[1] * BATCH)?;
        array(self.image_row(point, start.y)?, lane)
    }

    #[inline(never)]
    fn copy(&self, point: Point, mut start: Start, mut target: &mut [T]) {
        let [height, width] = self.window.output;
        while start.y < height && !target.is_empty() {
            let (lanes, rest) = target.split_at_mut((width * BATCH - start.lane).min(target.len()));
            match self.image_row(point, start.y) {
                Some(row) if self.window.stride[1] == 1 => self.copy_neighbours(row, point, start.lane, lanes),
                Some(row) => self.copy_pixels(row, point, start.lane, lanes),
                None => lanes.fill(T::ZERO),
            }
            target = rest;
            start = Start { y: start.y + 1, lane: 0 };
        }
        target.fill(T::ZERO);
    }

    /// Copies what `point` meets from the output's `lane` on, of `row` and the padding, if it is in one piece there.
    #[inline(always)]
    fn copy_neighbours(&self, row: &[T], point: Point, lane: usize, target: &mut [T]) {
        copy_padded(row, self.image_lane(point, lane), self.window.padding[1] * BATCH, target);
    }

    /// The same, if each pixel is in a piece of its own.
    #[inline(always)]
    fn copy_pixels(&self, row: &[T], point: Point, mut lane: usize, mut target: &mut [T]) {
        let zeros = [T::ZERO; BATCH];
        let row_pixels = row.as_chunks().0;
        while !target.is_empty() {
            let (pixels, _) = target.as_chunks_mut();
            if pixels.is_empty() || !lane.is_multiple_of(BATCH) {
                let part = (BATCH - lane % BATCH).min(target.len());
                let (part, rest) = target.split_at_mut(part);
                self.copy_neighbours(row, point, lane, part);
                (lane, target) = (lane + part.len(), rest);
                continue;
            }
            let mut x = self.image_lane(point, lane) / BATCH;
            lane += pixels.len() * BATCH;
            for pixel in pixels {
                *pixel = *x.checked_sub(self.window.padding[1]).and_then(|x| row_pixels.get(x)).unwrap_or(&zeros);
                x += self.window.stride[1];
            }
            target = target.as_chunks_mut::<BATCH>().1;
        }
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
