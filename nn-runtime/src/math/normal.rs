//! The normal distribution.

use super::{Polynomials, by_type, exp};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// p in `e^(t²/2) · Φ(-t) · (t + 4) = p((t - 4) / (t + 4))`, where t ≥ 0.
const TAIL: Polynomials<12, 23> = Polynomials {
    single: [
        0.755_285_130_011_918_1,
        -0.607_896_628_081_000_1,
        0.387_137_423_850_974_16,
        -0.186_522_248_771_820_94,
        0.060_396_376_050_021_48,
        -0.007_537_102_832_890_386,
        -0.003_479_115_722_235_812,
        0.001_620_401_150_584_183_6,
        0.000_132_620_154_123_229_17,
        -0.000_213_728_343_075_823_3,
        -1.292_353_870_231_069_4e-6,
        2.044_588_412_741_677e-5,
    ],
    double: [
        0.755_285_130_415_751_5,
        -0.607_896_641_971_893,
        0.387_137_400_742_223_4,
        -0.186_521_857_959_572_82,
        0.060_396_574_890_480_066,
        -0.007_540_188_969_056_44,
        -0.003_479_692_358_386_175_3,
        0.001_630_818_487_475_240_8,
        0.000_133_344_221_993_227_05,
        -0.000_231_095_150_673_354_04,
        -1.907_730_877_012_872e-6,
        3.514_565_094_653_646e-5,
        7.147_467_197_408_174e-7,
        -5.923_006_384_386_265e-6,
        -6.251_968_276_423_067e-7,
        1.027_146_373_062_837_6e-6,
        2.649_895_779_493_071_4e-7,
        -1.623_733_219_507_292_3e-7,
        -7.894_873_255_644_216e-8,
        1.963_815_176_489_901_7e-8,
        1.612_621_602_996_716e-8,
        -1.291_328_374_895_641_5e-9,
        -1.697_422_142_767_163_5e-9,
    ],
};

/// `[Φ(x), φ(x)]`, the share of the standard normal distribution below `x`, and its density there: the first within
/// 5.8 ulp, also where it is close to 0.
///
/// ```text
/// Φ(x) = (1 + erf(x / √2)) / 2
/// φ(x) = e^(-x²/2) / √(2π)
/// ```
#[inline(always)]
pub fn normal<I: Isa, T: Scalar>(isa: I, x: T) -> [T; 2] {
    // from here on the tail is 0
    let highest = by_type::<T>(15.0, 39.0);
    let t = x.abs();
    let t = if t > highest { highest } else { t };
    let half = T::from_f64(0.5);
    let [square, rest] = exact_square(isa, t);
    let exponential = exp(isa, -half * square);
    let exponential = isa.mul_add(exponential, -half * rest, exponential);
    let four = T::from_f64(4.0);
    let sum = t + four;
    let lost = t - (sum - four);
    let ratio = T::ONE / sum;
    let ratio = isa.mul_add(ratio * lost, -ratio, ratio);
    let tail = exponential * (ratio * TAIL.close_at(isa, isa.mul_add(ratio, T::from_f64(-8.0), T::ONE)));
    let below = if x > T::ZERO { T::ONE - tail } else { tail };
    [below, exponential * T::from_f64(FRAC_1_SQRT_2_PI)]
}

/// 1 / √(2π)
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;

/// `x²` as the sum of two numbers, for `x` of moderate size.
#[inline(always)]
fn exact_square<I: Isa, T: Scalar>(isa: I, x: T) -> [T; 2] {
    let square = x * x;
    if I::FMA {
        return [square, isa.mul_add(x, x, -square)];
    }
    // the upper half of the digits, whose square is exact: T. J. Dekker, 1971
    let scaled = x * by_type::<T>(4_097.0, 134_217_729.0);
    let high = scaled - (scaled - x);
    let low = x - high;
    [square, ((high * high - square) + T::from_f64(2.0) * high * low) + low * low]
}
