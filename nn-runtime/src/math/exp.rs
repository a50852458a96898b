//! `exp`, and the functions that are made of it.

use core::f64::consts::LOG2_E;

use super::{Polynomials, by_type, ln_1p};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// q in eʳ = 1 + r + r² · q(r), where |r| ≤ ln 2 / 2.
const REMAINDER: Polynomials<5, 10> = Polynomials {
    single: [
        0.500_000_009_625_074_8,
        0.166_665_177_140_685_67,
        0.041_666_202_378_802_666,
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

/// `x = n · ln 2 + r`: `ROUNDER + n`, n, and eʳ - 1.
#[inline(always)]
fn reduce<I: Isa, T: Scalar>(isa: I, x: T) -> [T; 3] {
    // ln 2 in two parts, the first short enough for n · LN_2_HIGH to be exact
    let ln_2_high = by_type::<T>(0.693_115_234_375, 0.693_147_180_559_208_2);
    let ln_2_low = by_type::<T>(3.194_618_494_530_941_7e-5, 7.371_002_565_167_799e-13);
    let rounded = isa.mul_add(x, T::from_f64(LOG2_E), T::ROUNDER);
    let n = rounded - T::ROUNDER;
    let high = isa.mul_add(n, -ln_2_high, x);
    let low = n * ln_2_low;
    let r = high - low;
    // r is rounded, so the largest term uses its two exact parts
    [rounded, n, high + isa.mul_add(r * r, REMAINDER.at(isa, r), -low)]
}

/// The exponential function, within 1.0 ulp.
#[inline(always)]
pub fn exp<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let (lowest, highest) = (by_type::<T>(-104.0, -745.14), by_type::<T>(89.0, 710.0));
    let x = if x < lowest { lowest } else { x };
    let x = if x > highest { highest } else { x };
    let [rounded, n, fraction] = reduce(isa, x);
    let is_large = n > T::ZERO;
    let lift = T::from_f64(if is_large { -1.0 } else { LIFT });
    let lower = T::from_f64(if is_large { 2.0 } else { LOWER });
    let power = (rounded + lift).power_of_two();
    isa.mul_add(power, fraction, power) * lower
}

/// [`exp`] of numbers that are 0, negative or NaN, in fewer steps.
#[inline(always)]
pub(crate) fn exp_nonpositive<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let lowest = by_type::<T>(-104.0, -745.14);
    let x = if x < lowest { lowest } else { x };
    let [rounded, _, fraction] = reduce(isa, x);
    let power = (rounded + T::from_f64(LIFT)).power_of_two();
    isa.mul_add(power, fraction, power) * T::from_f64(LOWER)
}

/// The logistic function `1 / (1 + e^-x)`, within 2 ulp, also where it is close to 0.
#[inline(always)]
pub fn sigmoid<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let small = exp_nonpositive(isa, -x.abs());
    let numerator = if x < T::ZERO { small } else { T::ONE };
    numerator / (T::ONE + small)
}

/// The hyperbolic tangent, within 2 ulp.
///
/// tanh |x| = e / (e + 2), where e = e^(2 |x|) - 1.
#[inline(always)]
pub fn tanh<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let double = x.abs() + x.abs();
    // from here on the result is 1
    let highest = by_type::<T>(20.0, 40.0);
    let double = if double > highest { highest } else { double };
    let [rounded, _, fraction] = reduce(isa, double);
    let power = rounded.power_of_two();
    let e = isa.mul_add(power, fraction, power - T::ONE);
    (e / (e + T::from_f64(2.0))).copysign(x)
}

/// `ln(1 + eˣ)`, a smooth `max(x, 0)`, within 2 ulp.
#[inline(always)]
pub fn softplus<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let positive = if x < T::ZERO { T::ZERO } else { x };
    positive + ln_1p(isa, exp_nonpositive(isa, -x.abs()))
}
