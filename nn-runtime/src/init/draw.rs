//! Drawing from distributions that have been checked, or that the library's layers have by default.

use rand_core::Rng;

use super::{Interval, Normal, Values, unit};
use crate::kernels::Portable;
use crate::math;
use crate::scalar::Scalar;

/// Fills `values` with numbers drawn evenly from an interval.
pub(crate) fn uniform<V: Values + ?Sized, R: Rng + ?Sized>(values: &mut V, interval: impl Into<Interval>, rng: &mut R) {
    let Interval { low, high } = interval.into();
    // halved first, as the length may be infinite
    let (middle, half) = (0.5 * low + 0.5 * high, 0.5 * high - 0.5 * low);
    for value in values.flat_mut() {
        *value = V::Scalar::from_f64(middle + (2.0 * unit(rng) - 1.0) * half);
    }
}

/// Fills `values` with normally distributed numbers.
///
/// Marsaglia and Bray's polar method: a point drawn evenly from the unit disc gives two of them.
pub(crate) fn normal<V: Values + ?Sized, R: Rng + ?Sized>(values: &mut V, normal: impl Into<Normal>, rng: &mut R) {
    let Normal { mean, std } = normal.into();
    for pair in values.flat_mut().chunks_mut(2) {
        for (value, drawn) in pair.iter_mut().zip(normal_pair(rng)) {
            *value = V::Scalar::from_f64(mean + drawn * std);
        }
    }
}

/// The largest number that [`normal_pair`] may draw is a little above 12: the square is no less than 2⁻¹⁰⁴.
pub(super) const LARGEST_DRAWN: f64 = 13.0;

fn normal_pair<R: Rng + ?Sized>(rng: &mut R) -> [f64; 2] {
    loop {
        let point = [2.0 * unit(rng) - 1.0, 2.0 * unit(rng) - 1.0];
        let square = point[0] * point[0] + point[1] * point[1];
        if square > 0.0 && square < 1.0 {
            let scale = Scalar::sqrt(-2.0 * math::ln(Portable, square) / square);
            return point.map(|coordinate| coordinate * scale);
        }
    }
}
