//! `sin_cos`.

use core::f64::consts::FRAC_2_PI;

use super::{Polynomials, by_type};
use crate::kernels::Isa;
use crate::scalar::Scalar;

/// s in sin r = r + r · r² · s(r²), where |r| ≤ π / 4.
const SINE: Polynomials<3, 6> = Polynomials {
    single: [-0.166_666_545_899_281_95, 0.008_332_155_049_812_646, -0.000_195_140_846_025_121_35],
    double: [
        -0.166_666_666_666_666_3,
        0.008_333_333_333_321_869,
        -0.000_198_412_698_293_527_94,
        2.755_731_352_810_201_5e-6,
        -2.505_073_161_118_843e-8,
        1.589_521_362_022_355e-10,
    ],
};

/// c in cos r = 1 - r² / 2 + r⁴ · c(r²), where |r| ≤ π / 4.
const COSINE: Polynomials<3, 6> = Polynomials {
    single: [0.041_666_652_156_717_415, -0.001_388_757_571_475_482_8, 2.445_827_675_705_657e-5],
    double: [
        0.041_666_666_666_666_66,
        -0.001_388_888_888_888_268_4,
        2.480_158_729_412_358_3e-5,
        -2.755_731_553_722_294e-7,
        2.087_586_744_088_538_6e-9,
        -1.136_639_443_478_191e-11,
    ],
};

/// `[sin x, cos x]`, off by less than 2⁻²³ in `f32` where |x| ≤ 8192, by less than 2⁻⁵² in `f64` where |x| ≤ 10⁶.
///
/// Beyond that the error grows with x; of an infinite x it is NaN.
#[inline(always)]
pub fn sin_cos<I: Isa, T: Scalar>(isa: I, x: T) -> [T; 2] {
    // π / 2 in three parts, the first two short enough for their products with n to be exact
    let first = by_type::<T>(1.570_312_5, 1.570_796_326_734_125_6);
    let second = by_type::<T>(4.837_512_969_970_703e-4, 6.077_100_506_303_966e-11);
    let third = by_type::<T>(7.549_789_954_891_882e-8, 2.022_266_248_795_950_6e-21);
    let n = isa.mul_add(x, T::from_f64(FRAC_2_PI), T::ROUNDER) - T::ROUNDER;
    let r = isa.mul_add(n, -third, isa.mul_add(n, -second, isa.mul_add(n, -first, x)));
    let square = r * r;
    let sine = isa.mul_add(r * square, SINE.at(isa, square), r);
    let cosine = isa.mul_add(square, T::from_f64(-0.5), T::ONE);
    let cosine = isa.mul_add(square * square, COSINE.at(isa, square), cosine);
    // n less the nearest multiple of 4
    let fours = isa.mul_add(n, T::from_f64(0.25), T::ROUNDER) - T::ROUNDER;
    let quarter = isa.mul_add(fours, T::from_f64(-4.0), n);
    let is_odd = quarter.abs() == T::ONE;
    let [sin, cos] = if is_odd { [cosine, sine] } else { [sine, cosine] };
    let is_sin_negative = quarter < T::ZERO || quarter > T::ONE;
    let is_cos_negative = quarter > T::ZERO || quarter < -T::ONE;
    [if is_sin_negative { -sin } else { sin }, if is_cos_negative { -cos } else { cos }]
}
