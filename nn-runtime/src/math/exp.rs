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

/// e²ʳ, where |r| ≤ ln 2 / 4.
const SQUARE_OF_EXP: Polynomials<6, 12> = Polynomials {
    single: [
        1.000_000_075_500_23,
        2.000_000_021_556_08,
        1.999_954_757_011_443_5,
        1.333_320_415_660_648_9,
        0.670_680_920_661_802_4,
        0.267_812_981_366_316_7,
    ],
    double: [
        1.0,
        2.0,
        2.000_000_000_000_007_4,
        1.333_333_333_333_334_5,
        0.666_666_666_663_807_2,
        0.266_666_666_666_226_87,
        0.088_888_889_295_058_32,
        0.025_396_825_459_297_796,
        0.006_349_180_273_039_696,
        0.001_410_930_733_426_169_3,
        0.000_282_958_384_358_684_6,
        5.142_538_077_146_862e-5,
    ],
};

/// Below, tanh is computed as a polynomial.
const SMALL: f64 = 0.7;

/// (tanh x - x) / x³ as a function of x², where |x| ≤ [`SMALL`].
const SMALL_TANH: Polynomials<5, 12> = Polynomials {
    single: [
        -0.333_333_208_613_865_4,
        0.133_320_556_310_133_25,
        -0.053_755_296_432_056_28,
        0.020_595_870_377_342_63,
        -0.005_577_822_113_884_423,
    ],
    double: [
        -0.333_333_333_333_333_3,
        0.133_333_333_333_304_8,
        -0.053_968_253_965_470_09,
        0.021_869_488_429_414_516,
        -0.008_863_233_408_263_287,
        0.003_592_103_046_776_905_3,
        -0.001_455_646_679_514_054,
        0.000_589_091_146_529_420_9,
        -0.000_235_970_027_845_308_5,
        8.970_281_998_102_295e-5,
        -2.832_660_150_039_59e-5,
        5.238_487_209_471e-6,
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

/// [`exp`] of numbers that are 0, negative or NaN, in fewer steps.
#[inline(always)]
pub(crate) fn exp_nonpositive<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let lowest = by_type::<T>(-104.0, -745.14);
    let x = if x < lowest { lowest } else { x };
    // lifted from the start; r in one number, as an error of its last place is small beside the 1 that comes to it
    let [ln_2_high, ln_2_low] = ln_2::<T>();
    let lifted = T::ROUNDER + T::from_f64(LIFT);
    let rounded = isa.mul_add(x, T::from_f64(LOG2_E), lifted);
    let n = rounded - lifted;
    let r = isa.mul_add(n, -ln_2_low, isa.mul_add(n, -ln_2_high, x));
    let power = rounded.power_of_two();
    isa.mul_add(power, isa.mul_add(r * r, REMAINDER.at(isa, r), r), power) * T::from_f64(LOWER)
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

/// The hyperbolic tangent, within 1.7 ulp.
///
/// In both of its forms the last operation adds what has an error to what has none and is larger:
///
/// ```text
/// tanh |x| = |x| + |x|³ · p(x²)              up to 0.7
///          = 1 - 2 / (e^2|x| + 1)            beyond
/// ```
///
/// Few operations that wait for each other are what makes it fast: it is not the number of operations but the number that
/// a processor can look ahead.
#[inline(always)]
pub fn tanh<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    // from here on the result is 1
    let highest = by_type::<T>(10.0, 20.0);
    let size = x.abs();
    let size = if size > highest { highest } else { size };
    // 2 |x| = n · ln 2 + 2 r; n is so small that ln 2 need not be in two parts
    let rounded = isa.mul_add(size, T::from_f64(2.0 * LOG2_E), T::ROUNDER);
    let r = isa.mul_add(rounded - T::ROUNDER, T::from_f64(-0.5 * LN_2), size);
    let power = rounded.power_of_two();
    let large = T::ONE - T::from_f64(2.0) / isa.mul_add(power, SQUARE_OF_EXP.at(isa, r), T::ONE);
    let square = size * size;
    let small = isa.mul_add(size * square, SMALL_TANH.at(isa, square), size);
    (if size < T::from_f64(SMALL) { small } else { large }).copysign(x)
}

/// `ln(1 + eˣ)`, a smooth `max(x, 0)`, within 1.7 ulp.
#[inline(always)]
pub fn softplus<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let positive = if x < T::ZERO { T::ZERO } else { x };
    positive + ln_1p(isa, exp_nonpositive(isa, -x.abs()))
}
