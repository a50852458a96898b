//! `ln` and `ln_1p`.

use core::f64::consts::SQRT_2;

use super::{Polynomials, ln_2};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// l in ln((1 + s) / (1 - s)) = 2 s + s · s² · l(s²), where |s| ≤ (√2 - 1) / (√2 + 1).
const SERIES: Polynomials<3, 7> = Polynomials {
    single: [0.666_667_767_167_234_2, 0.399_774_956_226_149_07, 0.298_730_722_225_819],
    double: [
        0.666_666_666_666_669_6,
        0.399_999_999_996_112_5,
        0.285_714_287_056_789_37,
        0.222_222_018_669_239_28,
        0.181_834_107_763_043_6,
        0.153_176_365_472_124_33,
        0.147_627_819_332_435_25,
    ],
};

/// `exponent · ln 2 + ln(1 + fraction) + correction`, where 1 + fraction lies between √½ and √2.
#[inline(always)]
fn assemble<I: Isa, T: Scalar>(isa: I, exponent: T, fraction: T, correction: T) -> T {
    let [ln_2_high, ln_2_low] = ln_2::<T>();
    let half_square = T::from_f64(0.5) * fraction * fraction;
    // 1 + fraction = (1 + s) / (1 - s); 2 s = fraction - s · fraction
    let s = fraction / (fraction + T::from_f64(2.0));
    let square = s * s;
    let series = isa.mul_add(square, SERIES.at(isa, square), half_square);
    let low = isa.mul_add(s, series, isa.mul_add(exponent, ln_2_low, correction));
    isa.mul_add(exponent, ln_2_high, fraction - (half_square - low))
}

/// The natural logarithm, within 0.85 ulp.
#[inline(always)]
pub fn ln<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let is_subnormal = x < T::MIN_POSITIVE;
    let lift = T::from_f64(if is_subnormal { (1_u128 << 64) as f64 } else { 1.0 });
    let lower = T::from_f64(if is_subnormal { 64.0 } else { 0.0 });
    let [exponent, mantissa] = (x * lift).split();
    special(x, assemble(isa, exponent - lower, mantissa - T::ONE, T::ZERO), x)
}

/// `ln(1 + x)`, accurate for small `x` too, within 0.85 ulp.
#[inline(always)]
pub fn ln_1p<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let sum = T::ONE + x;
    // what the sum has lost by rounding
    let lost = if x > T::ONE { T::ONE - (sum - x) } else { x - (sum - T::ONE) };
    let [exponent, mantissa] = sum.split();
    let is_near_one = sum > T::from_f64(0.5 * SQRT_2) && sum < T::from_f64(SQRT_2);
    let fraction = if is_near_one { x } else { mantissa - T::ONE };
    let correction = if is_near_one { T::ZERO } else { lost / sum };
    let result = special(sum, assemble(isa, exponent, fraction, correction), x);
    if x == T::ZERO { x } else { result }
}

/// The logarithm of `x`: `result` where `x` is positive and finite, `large` where it is infinite or NaN.
#[inline(always)]
fn special<T: Scalar>(x: T, result: T, large: T) -> T {
    let infinity = T::from_f64(f64::INFINITY);
    let result = if x < infinity { result } else { large };
    let result = if x == T::ZERO { -infinity } else { result };
    if x < T::ZERO { T::from_f64(f64::NAN) } else { result }
}
