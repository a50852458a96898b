//! Elementary functions that are the same on every target: vectorisable, without branches, tables or calls.
//!
//! Each takes the machine level first, so that it fuses multiplications and additions where that is one instruction.
//! At the portable level a function gives the same bits on every machine. Written into a loop over a slice, inside a
//! [`Kernel`](crate::kernels::Kernel), a function is compiled to vector instructions.
//!
//! The error of each is stated in ulps, units in the last place of the result: what all `f32` and a few million `f64`
//! gave at most, at either level. Unless stated otherwise, NaN, infinities and results that are too large or too small
//! for the type are as in `std`.

mod exp;
pub(crate) mod lanes;
mod log;
mod normal;
mod trig;

pub use exp::{exp, sigmoid, softplus, tanh};
pub(crate) use exp::{exp_m1_nonpositive, exp_nonpositive};
pub use log::{ln, ln_1p};
pub use normal::normal;
pub use trig::sin_cos;

use crate::kernels::Isa;
use crate::scalar::Scalar;

/// Polynomials of one function, for `f32` and for `f64`: the coefficients, lowest first, that make the largest error
/// small (Remez' algorithm).
struct Polynomials<const SINGLE: usize, const DOUBLE: usize> {
    single: [f64; SINGLE],
    double: [f64; DOUBLE],
}

impl<const SINGLE: usize, const DOUBLE: usize> Polynomials<SINGLE, DOUBLE> {
    #[inline(always)]
    fn at<I: Isa, T: Scalar>(&self, isa: I, x: T) -> T {
        if is_double::<T>() { polynomial(isa, &self.double, x) } else { polynomial(isa, &self.single, x) }
    }

    /// [`at`](Self::at) in more steps that round less: for many coefficients that do not fall off.
    #[inline(always)]
    fn close_at<I: Isa, T: Scalar>(&self, isa: I, x: T) -> T {
        if is_double::<T>() { horner(isa, &self.double, x) } else { horner(isa, &self.single, x) }
    }
}

/// The polynomial with these coefficients, two of them at once, by Horner's rule in x²: half as many operations wait for
/// each other as in x.
#[inline(always)]
fn polynomial<I: Isa, T: Scalar>(isa: I, coefficients: &[f64], x: T) -> T {
    let square = x * x;
    let (pairs, last) = coefficients.as_chunks();
    let pair = |[even, odd]: &[f64; 2]| isa.mul_add(T::from_f64(*odd), x, T::from_f64(*even));
    let (sum, pairs) = match (last, pairs.split_last()) {
        ([last, ..], _) => (T::from_f64(*last), pairs),
        (_, Some((last, pairs))) => (pair(last), pairs),
        _ => return T::ZERO,
    };
    pairs.iter().rev().fold(sum, |sum, coefficients| isa.mul_add(sum, square, pair(coefficients)))
}

#[inline(always)]
fn horner<I: Isa, T: Scalar>(isa: I, coefficients: &[f64], x: T) -> T {
    let Some((last, others)) = coefficients.split_last() else { return T::ZERO };
    others.iter().rev().fold(T::from_f64(*last), |sum, &coefficient| isa.mul_add(sum, x, T::from_f64(coefficient)))
}

/// ln 2 in two parts, the first so short that its product with an exponent is exact.
#[inline(always)]
fn ln_2<T: Scalar>() -> [T; 2] {
    [
        by_type(0.693_115_234_375, 0.693_147_180_559_208_2),
        by_type(3.194_618_494_530_941_7e-5, 7.371_002_565_167_799e-13),
    ]
}

/// A constant of which `f32` and `f64` need different values.
#[inline(always)]
fn by_type<T: Scalar>(single: f64, double: f64) -> T {
    T::from_f64(if is_double::<T>() { double } else { single })
}

#[inline(always)]
fn is_double<T: Scalar>() -> bool {
    T::FRACTION_BITS == f64::FRACTION_BITS
}

#[cfg(test)]
mod tests;
