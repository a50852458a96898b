//! What the maximum pools in one dimension and in two share. A window over `[channels, length]` is one of height 1.

use nalgebra::SMatrix;

use super::windows::{Fold, FoldWindows, Span, area, points, replaces};
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
    let (output, positions) = (&mut output.data.0, &mut cache.data.0);
    isa.call(Maxima { window, input: &input.data.0, output, positions });
}

/// Overwrites `output` with the maxima.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    isa.call(FoldWindows { window, fold: Maximum, input: &input.data.0, output: &mut output.data.0 });
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

#[derive(Clone, Copy)]
struct Maximum;

impl<T: Scalar> Fold<T> for Maximum {
    const START: f64 = f64::NEG_INFINITY;

    #[inline(always)]
    fn add(self, so_far: T, value: T) -> T {
        if replaces(value, so_far) { value } else { so_far }
    }

    #[inline(always)]
    fn factor(self, _down: Span, _across: Span) -> T {
        T::ONE
    }
}

struct Maxima<'a, T, const BATCH: usize> {
    window: Window2d,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
    positions: &'a mut [[u8; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Maxima<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let window = &self.window;
        let [height, width] = window.output;
        let mut outputs = self.output.iter_mut().zip(self.positions);
        for channel in self.input.chunks_exact(area(window)) {
            for y in 0..height {
                for x in 0..width {
                    let Some((output, positions)) = outputs.next() else { return };
                    maximum(window, channel, [y, x], output, positions);
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
        let window = &self.window;
        let [height, width] = window.output;
        let mut outputs = self.grad_output.iter().zip(self.positions);
        for channel in self.grad_input.chunks_exact_mut(area(window)) {
            channel.fill([T::ZERO; BATCH]);
            for y in 0..height {
                for x in 0..width {
                    let Some((grad_output, positions)) = outputs.next() else { return };
                    add_at_maximum(window, channel, [y, x], grad_output, positions);
                }
            }
        }
    }
}

/// The maximum of the window of the output at `y` and `x`, and its position.
#[inline(always)]
fn maximum<T: Scalar, const BATCH: usize>(
    window: &Window2d,
    channel: &[[T; BATCH]],
    [y, x]: [usize; 2],
    output: &mut [T; BATCH],
    positions: &mut [u8; BATCH],
) {
    let mut places = points(window, y, x);
    let Some((first, lane)) = places.next().and_then(|(position, place)| Some((position, channel.get(place)?))) else {
        // a window in the padding
        *output = [-T::from_f64(f64::INFINITY); BATCH];
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
    // not `map`, which may not be inlined
    for (place, position) in positions.iter_mut().zip(at) {
        *place = position as u8;
    }
}

/// Adds the gradient of one maximum to the input's at the maximum's position.
#[inline(always)]
fn add_at_maximum<T: Scalar, const BATCH: usize>(
    window: &Window2d,
    channel: &mut [[T; BATCH]],
    [y, x]: [usize; 2],
    grad_output: &[T; BATCH],
    positions: &[u8; BATCH],
) {
    let (grad_output, at) = (*grad_output, positions.map(u32::from));
    for (position, place) in points(window, y, x) {
        let Some(grad_input) = channel.get_mut(place) else { continue };
        for ((grad_input, &grad_output), &at) in grad_input.iter_mut().zip(&grad_output).zip(&at) {
            *grad_input += if at == position { grad_output } else { T::ZERO };
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "maxima are copies, and the gradients are exact in binary")]
mod tests;
