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
    r: T,
    /// q(r)
    polynomial: T,
    /// eʳ - 1 is the sum of these two, the first of them exact.
    high: T,
    low: T,
}

#[inline(always)]
fn reduce<I: Isa, T: Scalar>(isa: I, x: T) -> Reduced<T> {
    // ln 2 in two parts, the first short enough for n · LN_2_HIGH to be exact
    let ln_2_high = by_type::<T>(0.693_115_234_375, 0.693_147_180_559_208_2);
    let ln_2_low = by_type::<T>(3.194_618_494_530_941_7e-5, 7.371_002_565_167_799e-13);
    let rounded = isa.mul_add(x, T::from_f64(LOG2_E), T::ROUNDER);
    let n = rounded - T::ROUNDER;
    let high = isa.mul_add(n, -ln_2_high, x);
    let low = n * ln_2_low;
    let r = high - low;
    let polynomial = REMAINDER.at(isa, r);
    Reduced { rounded, n, r, polynomial, high, low: isa.mul_add(r * r, polynomial, -low) }
}

/// The exponential function, within 0.95 ulp.
#[inline(always)]
pub fn exp<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let (lowest, highest) = (by_type::<T>(-104.0, -745.14), by_type::<T>(89.0, 710.0));
    let x = if x < lowest { lowest } else { x };
    let x = if x > highest { highest } else { x };
    let Reduced { rounded, n, high, low, .. } = reduce(isa, x);
    let is_large = n > T::ZERO;
    let lift = T::from_f64(if is_large { -1.0 } else { LIFT });
    let lower = T::from_f64(if is_large { 2.0 } else { LOWER });
    let power = (rounded + lift).power_of_two();
    isa.mul_add(power, high + low, power) * lower
}

/// [`exp`] of numbers that are 0, negative or NaN, in fewer steps.
#[inline(always)]
pub(crate) fn exp_nonpositive<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let lowest = by_type::<T>(-104.0, -745.14);
    let x = if x < lowest { lowest } else { x };
    let Reduced { rounded, high, low, .. } = reduce(isa, x);
    let power = (rounded + T::from_f64(LIFT)).power_of_two();
    isa.mul_add(power, high + low, power) * T::from_f64(LOWER)
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

/// The logistic function `1 / (1 + e^-x)`, within 1.9 ulp, also where it is close to 0.
#[inline(always)]
pub fn sigmoid<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let small = exp_nonpositive(isa, -x.abs());
    let ratio = small / (T::ONE + small);
    let lead = if x < T::ZERO { small } else { T::ONE };
    isa.mul_add(-lead, ratio, lead)
}

/// The hyperbolic tangent, within 2 ulp.
///
/// In its three forms the last operation adds a fraction to a base that has no error and is close to the result:
///
/// ```text
/// tanh |x| = e / (e + 2)                                   where e = e^2|x| - 1
///          = |x| + y² (q - 1/2 - |x| q) / (e + 2)          where e = y + y² q, y = 2 |x|: |x| up to 0.17
///          = 1/4 + (3/4 e - 1/2) / (e + 2)                                              up to 0.87
///          = 1   - 2 / (e + 2)                                                          beyond
/// ```
#[inline(always)]
pub fn tanh<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    // from here on the result is 1
    let highest = by_type::<T>(10.0, 20.0);
    let size = x.abs();
    let size = if size > highest { highest } else { size };
    let Reduced { rounded, n, r, polynomial, high, low } = reduce(isa, size + size);
    let power = rounded.power_of_two();
    let e = isa.mul_add(power, high + low, power - T::ONE);
    let two = T::from_f64(2.0);
    let is_large = n > two;
    let base = if is_large { T::ONE } else { T::from_f64(0.25) };
    let numerator = if is_large { -two } else { isa.mul_add(e, T::from_f64(0.75), T::from_f64(-0.5)) };
    let is_small = n == T::ZERO;
    let rest = r * r * isa.mul_add(-size, polynomial, polynomial - T::from_f64(0.5));
    let base = if is_small { size } else { base };
    let numerator = if is_small { rest } else { numerator };
    (base + numerator / (e + two)).copysign(x)
}

/// `ln(1 + eˣ)`, a smooth `max(x, 0)`, within 1.7 ulp.
#[inline(always)]
pub fn softplus<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let positive = if x < T::ZERO { T::ZERO } else { x };
    positive + ln_1p(isa, exp_nonpositive(isa, -x.abs()))
}
