//! What the average pools in one dimension and in two share. A window over `[channels, length]` is one of height 1.

use nalgebra::SMatrix;

use super::windows::{area, points, starts};
use crate::kernels::{Isa, Kernel, Window2d};
use crate::scalar::Scalar;

/// Overwrites `output` with the means. Where `count_include_pad` is false, the padding is not part of a window.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    count_include_pad: bool,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, M>,
) {
    isa.call(Means { window, count_include_pad, input: &input.data.0, output: &mut output.data.0 });
}

/// Overwrites `grad_input`.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const M: usize>(
    isa: impl Isa,
    window: Window2d,
    count_include_pad: bool,
    grad_output: &SMatrix<T, BATCH, M>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let (grad_output, grad_input) = (&grad_output.data.0, &mut grad_input.data.0);
    isa.call(ScatterShares { window, count_include_pad, grad_output, grad_input });
}

struct Means<'a, T, const BATCH: usize> {
    window: Window2d,
    count_include_pad: bool,
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Means<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let mut outputs = self.output.iter_mut();
        for channel in self.input.chunks_exact(area(&self.window)) {
            starts(&self.window).for_each(|start| {
                let Some(output) = outputs.next() else { return };
                let mut sums = [T::ZERO; BATCH];
                for lane in points(&self.window, start).filter_map(|(_, place)| channel.get(place)) {
                    for (sum, value) in sums.iter_mut().zip(lane) {
                        *sum += *value;
                    }
                }
                let share = share(&self.window, self.count_include_pad, start);
                *output = sums.map(|sum| sum * share);
            });
        }
    }
}

struct ScatterShares<'a, T, const BATCH: usize> {
    window: Window2d,
    count_include_pad: bool,
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for ScatterShares<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let mut grad_outputs = self.grad_output.iter();
        self.grad_input.fill([T::ZERO; BATCH]);
        for channel in self.grad_input.chunks_exact_mut(area(&self.window)) {
            starts(&self.window).for_each(|start| {
                let Some(grad_output) = grad_outputs.next() else { return };
                let share = share::<T>(&self.window, self.count_include_pad, start);
                let grad = grad_output.map(|grad| grad * share);
                for (_, place) in points(&self.window, start) {
                    let Some(grad_input) = channel.get_mut(place) else { continue };
                    for (grad_input, grad) in grad_input.iter_mut().zip(&grad) {
                        *grad_input += *grad;
                    }
                }
            });
        }
    }
}

/// The share of each point in the mean of the window that starts at `start`.
#[inline(always)]
fn share<T: Scalar>(window: &Window2d, count_include_pad: bool, start: [usize; 2]) -> T {
    let count = if count_include_pad { window.kernel[0] * window.kernel[1] } else { points(window, start).count() };
    T::ONE / T::from_f64(count as f64)
}

#[cfg(test)]
mod tests;
