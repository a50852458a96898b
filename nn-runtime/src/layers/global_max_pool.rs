//! The maximum of each channel. PyTorch: `torch.nn.AdaptiveMaxPool1d(1)` or `torch.nn.AdaptiveMaxPool2d(1)`, then `flatten`.
//!
//! ```text
//! output[c] = max over all places of input[c, place]    [BATCH, C, L] or [BATCH, C, H, W] -> [BATCH, C]
//! ```
//!
//! A NaN in a channel is its maximum.
//!
//! # Backward
//!
//! ```text
//! grad_input[c, place] = grad_output[c] where the maximum stands, else 0
//! ```
//!
//! Cached: the place of each maximum, as a scalar, so that it is selected like the maximum itself. A tie goes to the first
//! place, a NaN to the last.

use core::iter;

use nalgebra::SMatrix;

use crate::families::pooling::{places, replaces};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Overwrites `output` with the maxima of `C` equal parts of `input`, and `cache` with their places, at most 2²⁴ a part.
pub fn forward<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, C>,
    cache: &mut SMatrix<T, BATCH, C>,
) {
    let places = cache.data.0.iter_mut().map(Some);
    isa.call(Maxima { input: &input.data.0, output: &mut output.data.0, places });
}

/// Overwrites `output` with the maxima.
pub fn infer<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    input: &SMatrix<T, BATCH, N>,
    output: &mut SMatrix<T, BATCH, C>,
) {
    let places = iter::repeat_with(|| None);
    isa.call(Maxima { input: &input.data.0, output: &mut output.data.0, places });
}

/// Overwrites `grad_input`.
pub fn backward_input<T: Scalar, const BATCH: usize, const N: usize, const C: usize>(
    isa: impl Isa,
    cache: &SMatrix<T, BATCH, C>,
    grad_output: &SMatrix<T, BATCH, C>,
    grad_input: &mut SMatrix<T, BATCH, N>,
) {
    let (places, grad_output, grad_input) = (&cache.data.0, &grad_output.data.0, &mut grad_input.data.0);
    isa.call(PutAtMaxima { places, grad_output, grad_input });
}

struct Maxima<'a, T, P, const BATCH: usize> {
    input: &'a [[T; BATCH]],
    output: &'a mut [[T; BATCH]],
    places: P,
}

impl<'a, T: Scalar, P: Iterator<Item = Option<&'a mut [T; BATCH]>>, const BATCH: usize> Kernel
    for Maxima<'_, T, P, BATCH>
{
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let channels = self.input.chunks_exact(places(self.input.len(), self.output.len()));
        for ((output, places), channel) in self.output.iter_mut().zip(self.places).zip(channels) {
            let Some((first, others)) = channel.split_first() else { return };
            let (mut maxima, mut at, mut place) = (*first, [T::ZERO; BATCH], T::ZERO);
            for lane in others {
                place += T::ONE;
                // A choice between a new value and the one in place would compile to a masked store.
                let previous = maxima;
                for (((maximum, at), &previous), &value) in maxima.iter_mut().zip(&mut at).zip(&previous).zip(lane) {
                    let is_greater = replaces(value, previous);
                    *maximum = if is_greater { value } else { previous };
                    *at = if is_greater { place } else { *at };
                }
            }
            *output = maxima;
            if let Some(places) = places {
                *places = at;
            }
        }
    }
}

struct PutAtMaxima<'a, T, const BATCH: usize> {
    places: &'a [[T; BATCH]],
    grad_output: &'a [[T; BATCH]],
    grad_input: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for PutAtMaxima<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let channels = self.grad_input.chunks_exact_mut(places(self.grad_input.len(), self.grad_output.len()));
        for ((grad_output, at), channel) in self.grad_output.iter().zip(self.places).zip(channels) {
            let mut place = T::ZERO;
            for lane in channel {
                for ((grad_input, &grad_output), &at) in lane.iter_mut().zip(grad_output).zip(at) {
                    *grad_input = if at == place { grad_output } else { T::ZERO };
                }
                place += T::ONE;
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "maxima are copies, and so are the gradients")]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    struct Check<const BATCH: usize, const N: usize, const C: usize>;

    impl<const BATCH: usize, const N: usize, const C: usize> Kernel for Check<BATCH, N, C> {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            // different values in each row, no ties
            let input =
                SMatrix::<f64, BATCH, N>::from_fn(|row, feature| ((feature * 37 + row * 23) % 71) as f64 - 80.0);
            let grad_output = SMatrix::<f64, BATCH, C>::from_fn(|row, channel| (row * C + channel + 1) as f64);
            let nines = SMatrix::<f64, BATCH, C>::repeat(9.0);
            let (mut output, mut inferred, mut cache) = (nines, nines, nines);
            let mut grad_input = SMatrix::<f64, BATCH, N>::repeat(9.0);
            forward(isa, &input, &mut output, &mut cache);
            infer(isa, &input, &mut inferred);
            backward_input(isa, &cache, &grad_output, &mut grad_input);
            assert_eq!(output, inferred);
            for (row, feature) in (0..BATCH).flat_map(|row| (0..N).map(move |feature| (row, feature))) {
                let channel = feature / (N / C);
                let maximum = input.row(row).columns(channel * (N / C), N / C).max();
                assert_eq!(output[(row, channel)], maximum);
                let is_maximum = input[(row, feature)] == maximum;
                let expected = if is_maximum { grad_output[(row, channel)] } else { 0.0 };
                assert_eq!(grad_input[(row, feature)], expected, "row {row}, feature {feature}");
            }
        }
    }

    #[test]
    fn agrees_with_its_definition() {
        Check::<1, 5, 5>.run(Portable);
        Check::<3, 70, 2>.run(Portable);
        dispatch(Check::<1, 69, 3>);
        dispatch(Check::<4, 12, 1>);
        dispatch(Check::<32, 60, 2>);
    }

    #[test]
    fn a_tie_goes_to_the_first_and_a_nan_to_the_last() {
        let nan = f32::NAN;
        let input = SMatrix::<f32, 2, 4>::from_row_slice(&[1., 3., 3., 2., nan, 5., nan, 7.]);
        let (mut output, mut cache) = (SMatrix::<f32, 2, 1>::zeros(), SMatrix::<f32, 2, 1>::repeat(9.0));
        forward(Portable, &input, &mut output, &mut cache);
        assert_eq!(output[0], 3.0);
        assert!(output[1].is_nan());
        let mut grad_input = SMatrix::<f32, 2, 4>::repeat(9.0);
        backward_input(Portable, &cache, &SMatrix::<f32, 2, 1>::new(5., 6.), &mut grad_input);
        assert_eq!(grad_input, SMatrix::<f32, 2, 4>::from_row_slice(&[0., 5., 0., 0., 0., 0., 6., 0.]));
    }

    #[test]
    fn nothing_is_less_than_minus_infinity() {
        let input = SMatrix::<f64, 1, 3>::repeat(f64::NEG_INFINITY);
        let (mut output, mut cache) = (SMatrix::<f64, 1, 1>::zeros(), SMatrix::<f64, 1, 1>::repeat(9.0));
        forward(Portable, &input, &mut output, &mut cache);
        assert_eq!((output[0], cache[0]), (f64::NEG_INFINITY, 0.0));
    }
}
