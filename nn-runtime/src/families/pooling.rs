//! What the pools share.

pub(crate) mod avg;
pub(crate) mod max;
mod windows;

pub(crate) use windows::replaces;

use crate::scalar::Scalar;

/// Whether a mean is not finite: then its sum may have overflowed, or a value is not finite either.
#[inline(always)]
pub(crate) fn are_any_infinite<T: Scalar>(means: &[T]) -> bool {
    let infinity = T::from_f64(f64::INFINITY);
    !means.iter().fold(true, |are_finite, mean| are_finite & (mean.abs() < infinity))
}

/// Overwrites the means that are not finite; `values` tells those of an output, and how many they are.
#[cold]
#[inline(never)]
pub(crate) fn means_of_large<T: Scalar, V: Iterator<Item = T>>(output: &mut [T], values: impl Fn(usize) -> (V, usize)) {
    for (index, mean) in output.iter_mut().enumerate().filter(|(_, mean)| are_any_infinite(&[**mean])) {
        let (values, count) = values(index);
        *mean = mean_of_large(values, count);
    }
}

/// The mean of values whose sum overflows; the mean itself never does.
fn mean_of_large<T: Scalar>(values: impl Iterator<Item = T>, count: usize) -> T {
    // of 2^64 values
    const SCALE: f64 = 1.0 / (1_u128 << 64) as f64;
    let mean = values.map(|value| value.to_f64() * SCALE).sum::<f64>() / count.max(1) as f64;
    let most = f64::MAX * SCALE;
    // the mean of the largest numbers may round to more than they are
    T::from_f64(if mean.is_finite() { mean.clamp(-most, most) } else { mean } / SCALE)
}

/// The places of each of so many channels; not 0, as a slice is cut by it.
#[inline(always)]
pub(crate) fn places(values: usize, channels: usize) -> usize {
    values.checked_div(channels).unwrap_or_default().max(1)
}
