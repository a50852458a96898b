//! Clipping of gradients. PyTorch: `torch.nn.utils.clip_grad_norm_`, `torch.nn.utils.clip_grad_value_`.

use core::ops::Range;

use crate::OptionError;
use crate::kernels::{Isa, Kernel, dispatch};
use crate::network::Parameters;
use crate::scalar::Scalar;

/// How many squares are summed before the sum is continued in `f64`.
const BLOCK: usize = 4096;
/// How many sums there are side by side; the same on every machine, for the same result.
const LANES: usize = 32;

/// Scales a gradient down so that its Euclidean norm over all trained parameters is at most `max`, and returns the norm
/// that it had. PyTorch's `clip_grad_norm_`: the factor is `max / (norm + 1e-6)` where that is below 1.
///
/// A gradient with NaN or infinity in it has that as its norm and stays as it is, so that the update refuses it. Squares that
/// overflow or underflow do no harm.
///
/// Between the two halves of a training step:
///
/// ```
/// # use nn_runtime::prelude::*;
/// # network! { struct Net: [2] -> [3] { linear(3) } }
/// # let (inputs, targets) = ([[1.0, 2.0]], [0_u8]);
/// # let mut network = Net::new(&mut rng(0));
/// # let mut training = Training::<Net, Adam, 1>::ZERO;
/// # let optimizer = Adam::new(1e-3);
/// let loss = training.loss_and_gradient(&network, &CrossEntropy, &inputs, &targets)?;
/// let norm = clip_norm(&mut training.gradient, 1.0)?;
/// training.update(&mut network, &optimizer)?;
/// # assert!(loss > 0.0 && norm > 0.0);
/// # Ok::<(), TrainError>(())
/// ```
///
/// # Errors
///
/// An [`OptionError`] if `max` is not finite and more than 0; the gradient is as it was.
pub fn clip_norm<N: Parameters>(gradient: &mut N, max: f64) -> Result<f64, OptionError> {
    OptionError::check_positive::<f64>("clip_norm", "max", max)?;
    Ok(dispatch(Clip { gradient, max }))
}

/// Brings every entry of a gradient that belongs to a trained parameter to between `-max` and `max`. PyTorch's
/// `clip_grad_value_`. NaN stays, so that the update refuses it.
///
/// Between the two halves of a training step, as [`clip_norm`] is used.
///
/// # Errors
///
/// An [`OptionError`] if `max` is not finite and more than 0; the gradient is as it was.
pub fn clip_value<N: Parameters>(gradient: &mut N, max: f64) -> Result<(), OptionError> {
    OptionError::check_positive::<N::Scalar>("clip_value", "max", max)?;
    dispatch(ClipValue { gradient, max: N::Scalar::from_f64(max) });
    Ok(())
}

/// Where the trained parameters stand.
fn trained<N: Parameters>() -> impl Iterator<Item = Range<usize>> {
    N::RUNS.iter().filter(|run| run.is_trained).map(|run| run.start..run.start + run.len)
}

struct Clip<'a, N> {
    gradient: &'a mut N,
    max: f64,
}

impl<N: Parameters> Kernel for Clip<'_, N> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        let gradient = self.gradient.as_mut_slice();
        let runs = trained::<N>().filter_map(|run| gradient.get(run));
        let square: f64 = runs.map(|run| isa.call(SumOfSquares(run))).sum();
        let is_exact = square >= least_square::<N::Scalar>() && square.is_finite();
        let norm = if is_exact { Scalar::sqrt(square) } else { scaled_norm::<N>(gradient) };
        if !norm.is_finite() {
            return norm;
        }
        let divisor = norm + 1e-6;
        if self.max < divisor {
            let factor = self.max / divisor;
            // a factor that underflows is applied in two equal parts
            let is_one = factor >= N::Scalar::MIN_POSITIVE.to_f64();
            let root = || Scalar::sqrt(self.max) / Scalar::sqrt(divisor);
            let (factor, count) = if is_one { (factor, 1) } else { (root(), 2) };
            for run in (0..count).flat_map(|_| trained::<N>()) {
                if let Some(run) = gradient.get_mut(run) {
                    isa.call(Scale(run, N::Scalar::from_f64(factor)));
                }
            }
        }
        norm
    }
}

/// The least sum of squares that is exact: each square that underflows is off by half of the smallest subnormal number, and 2³⁰
/// of them shall be no more than a rounding error of the sum.
fn least_square<T: Scalar>() -> f64 {
    T::MIN_POSITIVE.to_f64() * (1_u64 << 31) as f64
}

/// The norm of a gradient whose squares overflow or underflow: of the gradient divided by its largest entry.
#[cold]
#[inline(never)]
fn scaled_norm<N: Parameters>(gradient: &[N::Scalar]) -> f64 {
    let entries = || trained::<N>().filter_map(|run| gradient.get(run)).flatten().map(|value| value.to_f64());
    // a comparison with NaN is false
    let largest = entries().fold(0.0, |largest: f64, value| if value.abs() <= largest { largest } else { value.abs() });
    if largest == 0.0 || !largest.is_finite() || entries().any(f64::is_nan) {
        return entries().map(f64::abs).sum();
    }
    (largest * Scalar::sqrt(entries().map(|value| (value / largest) * (value / largest)).sum::<f64>())).min(f64::MAX)
}

struct SumOfSquares<'a, T>(&'a [T]);

impl<T: Scalar> Kernel for SumOfSquares<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> f64 {
        let mut total = 0.0;
        for block in self.0.chunks(BLOCK) {
            let mut sums = [T::ZERO; LANES];
            let (chunks, rest) = block.as_chunks::<LANES>();
            for chunk in chunks {
                for (sum, &value) in sums.iter_mut().zip(chunk) {
                    *sum = isa.mul_add(value, value, *sum);
                }
            }
            for (sum, &value) in sums.iter_mut().zip(rest) {
                *sum = isa.mul_add(value, value, *sum);
            }
            total += sums.iter().map(|sum| sum.to_f64()).sum::<f64>();
        }
        total
    }
}

struct Scale<'a, T>(&'a mut [T], T);

impl<T: Scalar> Kernel for Scale<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        for value in self.0 {
            *value *= self.1;
        }
    }
}

struct ClipValue<'a, N: Parameters> {
    gradient: &'a mut N,
    max: N::Scalar,
}

impl<N: Parameters> Kernel for ClipValue<'_, N> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let gradient = self.gradient.as_mut_slice();
        for run in trained::<N>() {
            if let Some(run) = gradient.get_mut(run) {
                isa.call(Clamp(run, self.max));
            }
        }
    }
}

struct Clamp<'a, T>(&'a mut [T], T);

impl<T: Scalar> Kernel for Clamp<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self(values, max) = self;
        for value in values {
            let lower = if *value > max { max } else { *value };
            *value = if lower < -max { -max } else { lower };
        }
    }
}
