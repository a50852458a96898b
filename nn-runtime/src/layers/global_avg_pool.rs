//! The mean of each channel. PyTorch: `torch.nn.AdaptiveAvgPool1d(1)` or `torch.nn.AdaptiveAvgPool2d(1)`, then `flatten`.
//!
//! ```text
//! output[c] = Σ_place input[c, place] / (N / C)    [BATCH, C, L] or [BATCH, C, H, W] -> [BATCH, C]
//! ```
//!
//! # Backward
//!
//! ```text
//! grad_input[c, place] = grad_output[c] / (N / C)
//! ```
//!
//! Nothing is cached.

use nalgebra::SMatrix;

use crate::families::pooling::{are_any_infinite, means_of_large, places};
use crate::kernels::{Isa, Kernel, sums};
use crate::scalar::Scalar;

/// Overwrites `output` with the means of `C` equal parts of `input`.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, C>,
) {
    isa.call(Means { input: &input.data.0, output: &mut output.data.0 });
}

/// Overwrites `grad_input`.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    grad_output: &SMatrix<T, BATCH, C>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    isa.call(Shares { grad_output: &grad_output.data.0, grad_input: &mut grad_input.data.0 });
}

struct Means<'a, T, const BATCH: usize> {
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Means<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let places = places(self.input.len(), self.output.len());
        let share = T::ONE / T::from_f64(places as f64);
        self.output.fill([T::ZERO; BATCH]);
        if const { BATCH == 1 } {
            let (lanes, output) = (self.input.as_flattened(), self.output.as_flattened_mut());
            sums::Add { lanes, sums: output }.run(isa);
        } else {
            for (output, lanes) in self.output.iter_mut().zip(self.input.chunks_exact(places)) {
                let mut sums = [T::ZERO; BATCH];
                for lane in lanes {
                    for (sum, value) in sums.iter_mut().zip(lane) {
                        *sum += *value;
                    }
                }
                *output = sums;
            }
        }
        let output = self.output.as_flattened_mut();
        for value in &mut *output {
            *value *= share;
        }
        if are_any_infinite(output) {
            let input = self.input.as_flattened();
            means_of_large(output, |index| {
                let first = index / BATCH * places * BATCH + index % BATCH;
                (input.iter().skip(first).step_by(BATCH).take(places).copied(), places)
            });
        }
    }
}

struct Shares<'a, T, const BATCH: usize> {
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Shares<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let places = places(self.grad_input.len(), self.grad_output.len());
        let share = T::ONE / T::from_f64(places as f64);
        for (grad_output, grad_input) in self.grad_output.iter().zip(self.grad_input.chunks_exact_mut(places)) {
            grad_input.fill(grad_output.map(|grad| grad * share));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::init::{rng, unit};
    use crate::kernels::{Portable, dispatch};

    struct Check<const BATCH: usize, const N: usize, const C: usize>;

    impl<const BATCH: usize, const N: usize, const C: usize> Kernel for Check<BATCH, N, C> {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            let mut rng = rng(7);
            let input = SMatrix::<f64, BATCH, N>::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0);
            let grad_output = SMatrix::<f64, BATCH, C>::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0);
            let mut output = SMatrix::<f64, BATCH, C>::repeat(9.0);
            let mut grad_input = SMatrix::<f64, BATCH, N>::repeat(9.0);
            forward(isa, &input, &mut output);
            backward_input(isa, &grad_output, &mut grad_input);
            for (row, channel) in (0..BATCH).flat_map(|row| (0..C).map(move |channel| (row, channel))) {
                let mean = input.row(row).columns(channel * (N / C), N / C).mean();
                assert!((output[(row, channel)] - mean).abs() < 1e-14, "row {row}, channel {channel}");
            }
            let adjoint = output.dot(&grad_output) - input.dot(&grad_input);
            assert!(adjoint.abs() < 1e-13, "the adjoint identity is wrong by {adjoint}");
        }
    }

    #[test]
    fn agrees_with_its_definition() {
        Check::<1, 5, 5>.run(Portable);
        Check::<1, 210, 2>.run(Portable);
        Check::<3, 35, 7>.run(Portable);
        dispatch(Check::<1, 210, 2>);
        dispatch(Check::<4, 12, 1>);
        dispatch(Check::<32, 30, 2>);
    }

    #[test]
    fn values_by_hand() {
        let input = SMatrix::<f32, 2, 4>::from_row_slice(&[1., 2., 5., -1., 0., 8., 3., 3.]);
        let mut output = SMatrix::<f32, 2, 2>::zeros();
        forward(Portable, &input, &mut output);
        assert_eq!(output, SMatrix::<f32, 2, 2>::new(1.5, 2., 4., 3.));
        let mut grad_input = SMatrix::<f32, 2, 4>::repeat(7.0);
        backward_input(Portable, &output, &mut grad_input);
        let expected = [0.75, 0.75, 1., 1., 2., 2., 1.5, 1.5];
        assert_eq!(grad_input, SMatrix::<f32, 2, 4>::from_row_slice(&expected));
    }
}
