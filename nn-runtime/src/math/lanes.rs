//! Maxima and sums over rows, lane by lane.

use super::exp_nonpositive;
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// How many rows [`sum_of_exp`] works on at once.
const BLOCK: usize = 16;

/// The largest value of each lane; NaN counts as smaller than any.
#[inline(always)]
pub(crate) fn maximum<T: Scalar, const BATCH: usize>(rows: &[[T; BATCH]]) -> [T; BATCH] {
    fold(rows, -T::from_f64(f64::INFINITY), |maximum, value| if value > maximum { value } else { maximum })
}

/// The sum of each lane.
#[inline(always)]
pub(crate) fn sum<T: Scalar, const BATCH: usize>(rows: &[[T; BATCH]]) -> [T; BATCH] {
    fold(rows, T::ZERO, |sum, value| sum + value)
}

/// The sum of `exp(value - maximum)` of each lane. No value is larger than its lane's `maximum`.
#[inline(always)]
pub(crate) fn sum_of_exp<I: Isa, T: Scalar, const BATCH: usize>(
    isa: I,
    rows: &[[T; BATCH]],
    maximum: &[T; BATCH],
) -> [T; BATCH] {
    let mut sums = [T::ZERO; BATCH];
    let mut block = [[T::ZERO; BATCH]; BLOCK];
    for rows in rows.chunks(BLOCK) {
        for (exponents, row) in block.iter_mut().zip(rows) {
            for ((exponent, value), maximum) in exponents.iter_mut().zip(row).zip(maximum) {
                *exponent = *value - *maximum;
            }
        }
        // a small batch fills the registers only with the next rows, be they of account or not
        let count = if BATCH < 8 { BLOCK } else { rows.len() };
        for exponent in block.get_mut(..count).unwrap_or_default().as_flattened_mut() {
            *exponent = exp_nonpositive(isa, *exponent);
        }
        for (exponents, _) in block.iter().zip(rows) {
            for (sum, exponent) in sums.iter_mut().zip(exponents) {
                *sum += *exponent;
            }
        }
    }
    sums
}

#[inline(always)]
fn fold<T: Scalar, const BATCH: usize>(rows: &[[T; BATCH]], start: T, operation: impl Fn(T, T) -> T) -> [T; BATCH] {
    if const { BATCH == 1 } {
        return [fold_single(rows.as_flattened(), start, operation); BATCH];
    }
    let mut results = [start; BATCH];
    for row in rows {
        for (result, value) in results.iter_mut().zip(row) {
            *result = operation(*result, *value);
        }
    }
    results
}

/// The only lane: eight results side by side, then one.
#[inline(always)]
fn fold_single<T: Scalar>(values: &[T], start: T, operation: impl Fn(T, T) -> T) -> T {
    let mut results = [start; 8];
    let (chunks, rest) = values.as_chunks::<8>();
    for values in chunks {
        results = core::array::from_fn(|i| operation(results[i], values[i]));
    }
    for (result, value) in results.iter_mut().zip(rest) {
        *result = operation(*result, *value);
    }
    let [a, b, c, d, e, f, g, h] = results;
    let [a, b, c, d] = [operation(a, e), operation(b, f), operation(c, g), operation(d, h)];
    operation(operation(a, c), operation(b, d))
}
