//! What the average pools in one dimension and in two share. A window over `[channels, length]` is one of height 1.

use nalgebra::SMatrix;

use super::windows::{ACROSS, DOWN, Fold, FoldWindows, Span, area, points};
use super::{are_any_infinite, means_of_large};
use crate::kernels::{Isa, Kernel, Window2d};
use crate::scalar::Scalar;

/// Overwrites `output` with the means. `padded` is the height and width of the input with its padding, if the padding is part
/// of a window. If it is not, the mean of a window that lies in the padding is 0. What a window has behind the padding is
/// never part of it.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    padded: Option<[usize; 2]>,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    let fold = Mean { count: Count::new(&window, padded) };
    isa.call(Means { window, fold, input: &input.data.0, output: &mut output.data.0 });
}

/// Overwrites `grad_input`. `padded` is that of the forward pass.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    padded: Option<[usize; 2]>,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let (grad_output, grad_input) = (&grad_output.data.0, &mut grad_input.data.0);
    isa.call(ScatterShares { window, fold: Mean { count: Count::new(&window, padded) }, grad_output, grad_input });
}

#[derive(Clone, Copy)]
struct Mean {
    count: Count,
}

/// How many points the sum of a window is divided by.
#[derive(Clone, Copy)]
enum Count {
    /// Its points in the input; 1 if it has none, so that its mean is 0.
    Input,
    /// All its points: no window ends behind the padding.
    Kernel(usize),
    /// Its points in the padded input of this height and width.
    Padded([usize; 2]),
}

impl Count {
    #[inline(always)]
    fn new(window: &Window2d, padded: Option<[usize; 2]>) -> Self {
        let Window2d { kernel, stride, output, .. } = *window;
        let ends = |axis: usize, size: usize| output[axis].saturating_sub(1) * stride[axis] + kernel[axis] <= size;
        match padded {
            None => Self::Input,
            Some([height, width]) if ends(DOWN, height) && ends(ACROSS, width) => {
                Self::Kernel(kernel[DOWN] * kernel[ACROSS])
            }
            Some(padded) => Self::Padded(padded),
        }
    }

    #[inline(always)]
    fn of(self, down: Span, across: Span) -> usize {
        match self {
            Self::Input => (down.count * across.count).max(1),
            Self::Kernel(points) => points,
            Self::Padded([height, width]) => (down.within(height) * across.within(width)).max(1),
        }
    }
}

impl<T: Scalar> Fold<T> for Mean {
    const START: f64 = 0.0;

    #[inline(always)]
    fn add(self, so_far: T, value: T) -> T {
        so_far + value
    }

    #[inline(always)]
    fn factor(self, down: Span, across: Span) -> T {
        T::ONE / T::from_f64(self.count.of(down, across) as f64)
    }
}

struct Means<'a, T, const BATCH: usize> {
    window: Window2d,
    fold: Mean,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Means<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let Self { window, fold, input, output } = self;
        FoldWindows { window, fold, input, output: &mut *output }.run(isa);
        if are_any_infinite(output.as_flattened()) {
            let (input, [height, width], window) = (input.as_flattened(), window.output, &window);
            means_of_large(output.as_flattened_mut(), |index| {
                let (place, lane) = (index / BATCH, index % BATCH);
                let (channel, y, x) = (place / (height * width), place / width % height, place % width);
                let first = channel * area(window) * BATCH + lane;
                let values =
                    points(window, y, x).filter_map(move |(_, place)| input.get(first + place * BATCH).copied());
                (values, fold.count.of(Span::new(window, DOWN, y), Span::new(window, ACROSS, x)))
            });
        }
    }
}

struct ScatterShares<'a, T, const BATCH: usize> {
    window: Window2d,
    fold: Mean,
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for ScatterShares<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let (window, fold) = (&self.window, self.fold);
        let [height, width] = window.output;
        let mut grad_outputs = self.grad_output.iter();
        for channel in self.grad_input.chunks_exact_mut(area(window)) {
            channel.fill([T::ZERO; BATCH]);
            for y in 0..height {
                let down = Span::new(window, DOWN, y);
                for x in 0..width {
                    let Some(grad_output) = grad_outputs.next() else { return };
                    let share: T = fold.factor(down, Span::new(window, ACROSS, x));
                    let grad = grad_output.map(|grad| grad * share);
                    for (_, place) in points(window, y, x) {
                        let Some(grad_input) = channel.get_mut(place) else { continue };
                        for (grad_input, grad) in grad_input.iter_mut().zip(&grad) {
                            *grad_input += *grad;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
