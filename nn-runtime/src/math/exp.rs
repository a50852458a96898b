//! `exp`, and the functions that are made of it.

use core::f64::consts::{LN_2, LOG2_E};

use super::{Polynomials, by_type, ln_1p, ln_2};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// q in eʳ = 1 + r + r² · q(r), where |r| ≤ ln 2 / 2.
const REMAINDER: Polynomials<5, 10> = Polynomials {
    single: [
        0.500_000_009_625_074_8,
        0.166_665_177_140_685_67,
        0.041_666_202_378_802_67,
        0.008_369_024_668_153_776,
        0.001_395_071_991_992_824,
    ],
    double: [
        0.500_000_000_000_001_3,
        0.166_666_666_666_667,
        0.041_666_666_666_513_1,
        0.008_333_333_333_306_818,
        0.001_388_888_894_768_313_6,
        0.000_198_412_699_182_303_32,
        2.480_148_919_860_464e-5,
        2.755_721_553_477_775e-6,
        2.763_156_231_529_911e-7,
        2.511_810_666_941_010_7e-8,
    ],
};

/// How far the exponents of small results are lifted, so that only the last multiplication rounds to a subnormal number.
const LIFT: f64 = 64.0;
/// 2^-[`LIFT`]
const LOWER: f64 = 1.0 / (1_u128 << 64) as f64;

/// What is known of `x = n · ln 2 + r`.
struct Reduced<T> {
    /// `ROUNDER + n`
    rounded: T,
    n: T,
    /// eʳ - 1 is the sum of these two, the first of them exact.
    high: T,
    low: T,
}

#[inline(always)]
fn reduce<I: Isa, T: Scalar>(isa: I, x: T) -> Reduced<T> {
    let [ln_2_high, ln_2_low] = ln_2::<T>();
    let rounded = isa.mul_add(x, T::from_f64(LOG2_E), T::ROUNDER);
    let n = rounded - T::ROUNDER;
    let high = isa.mul_add(n, -ln_2_high, x);
    let low = n * ln_2_low;
    let r = high - low;
    Reduced { rounded, n, high, low: isa.mul_add(r * r, REMAINDER.at(isa, r), -low) }
}

/// The exponential function, within 0.95 ulp.
#[inline(always)]
pub fn exp<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let (lowest, highest) = (by_type::<T>(-104.0, -745.14), by_type::<T>(89.0, 710.0));
    let x = if x < lowest { lowest } else { x };
    let x = if x > highest { highest } else { x };
    let Reduced { rounded, n, high, low } = reduce(isa, x);
    let is_large = n > T::ZERO;
    let lift = T::from_f64(if is_large { -1.0 } else { LIFT });
    let lower = T::from_f64(if is_large { 2.0 } else { LOWER });
    let power = (rounded + lift).power_of_two();
    isa.mul_add(power, high + low, power) * lower
}

/// `2^LIFT · eˣ` of numbers that are 0, negative or NaN: no subnormal number, down to where [`LOWER`] times as much is 0.
#[inline(always)]
fn lifted_exp<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let lowest = by_type::<T>(-104.0, -745.14);
    let x = if x < lowest { lowest } else { x };
    // x = n · ln 2 + s, lifted from the start; s is in one number, as an error of its last place is small beside 1
    let [ln_2_high, ln_2_low] = ln_2::<T>();
    let rounder = T::ROUNDER + T::from_f64(LIFT);
    let sum = isa.mul_add(x, T::from_f64(LOG2_E), rounder);
    let n = sum - rounder;
    let s = isa.mul_add(n, -ln_2_low, isa.mul_add(n, -ln_2_high, x));
    let power = sum.power_of_two();
    isa.mul_add(power, isa.mul_add(s * s, REMAINDER.at(isa, s), s), power)
}

/// [`exp`] of numbers that are 0, negative or NaN, in fewer steps.
#[inline(always)]
pub(crate) fn exp_nonpositive<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    lifted_exp(isa, x) * T::from_f64(LOWER)
}

/// `eˣ - 1` of numbers that are 0, negative or NaN, within 1.5 ulp; -0 becomes 0.
#[inline(always)]
pub(crate) fn exp_m1_nonpositive<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    // from here on the result is -1
    let lowest = by_type::<T>(-20.0, -40.0);
    let x = if x < lowest { lowest } else { x };
    let Reduced { rounded, high, low, .. } = reduce(isa, x);
    let power = rounded.power_of_two();
    isa.mul_add(power, high + low, power - T::ONE)
}

/// The logistic function `1 / (1 + e^-x)`, within 2.4 ulp, also where it is close to 0.
///
/// ```text
/// small     = e^-|x|
/// sigmoid x = small / (1 + small)    where x < 0
///           =     1 / (1 + small)    elsewhere
/// ```
///
/// Both sides of the ratio are lifted, so that they are no subnormal numbers. Both are rounded: `small - small²/(1 + small)`
/// would be within 1.9 ulp, in a third more time.
#[inline(always)]
pub fn sigmoid<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let small = lifted_exp(isa, -x.abs());
    let one = T::from_f64(1.0 / LOWER);
    (if x < T::ZERO { small } else { one }) / (small + one)
}

/// The hyperbolic tangent, within 2.5 ulp.
///
/// ```text
/// m        = e^2|x| - 1 = 2ⁿ · s² · q(s) + 2ⁿ · s + (2ⁿ - 1)
/// tanh |x| = m / (m + 2)
/// ```
///
/// It is that far off where |x| is small, as both sides of the ratio are rounded. A polynomial there, and a choice between the
/// two, would be within 1.7 ulp, in half as much time again.
#[inline(always)]
pub fn tanh<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    // from here on the result is 1
    let highest = by_type::<T>(10.0, 20.0);
    let size = x.abs();
    let size = if size > highest { highest } else { size };
    // n is so small that ln 2 need not be in two parts
    let rounded = isa.mul_add(size, T::from_f64(2.0 * LOG2_E), T::ROUNDER);
    let s = isa.mul_add(rounded - T::ROUNDER, T::from_f64(-LN_2), size + size);
    let power = rounded.power_of_two();
    let linear = isa.mul_add(power, s, power - T::ONE);
    let exp_m1 = isa.mul_add(power * (s * s), REMAINDER.at(isa, s), linear);
    (exp_m1 / (exp_m1 + T::from_f64(2.0))).copysign(x)
}

/// `ln(1 + eˣ)`, a smooth `max(x, 0)`, within 1.7 ulp.
#[inline(always)]
pub fn softplus<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let positive = if x < T::ZERO { T::ZERO } else { x };
    positive + ln_1p(isa, exp_nonpositive(isa, -x.abs()))
}
