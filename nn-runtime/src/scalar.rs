//! The two floating-point types that a network computes in, and the integers that index an embedding.

mod index;

use core::fmt::{self, Debug, Display};
use core::iter::Sum;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use bytemuck::Pod;

pub use index::IndexError;

use crate::kernels::{Isa, Kernel};
use crate::network::Port;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for u8 {}
    impl Sealed for u16 {}
    impl Sealed for u32 {}
}

/// The type of a value, as a network's table of layers has it. Written by its name in `network!`: `f32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dtype {
    /// `f32`
    F32,
    /// `f64`
    F64,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
}

impl Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
        })
    }
}

/// What stands in the input of a network: a [`Scalar`], or an [`Index`].
pub trait Element: sealed::Sealed + nalgebra::Scalar + Pod + Default + PartialOrd + Display + Send + Sync {
    /// The type, as the table of layers has it.
    const DTYPE: Dtype;

    /// What a function returns that takes such values and makes a `Made` of them: for an [`Index`], which can be out of range, a
    /// `Result`, for a [`Scalar`] the `Made` itself.
    type Checked<Made>;

    /// Runs `make` after checking that the indices of some rows are below the bound of their input; numbers are not checked.
    fn checked<Made, const N: usize>(
        rows: &[[Self; N]],
        input: Option<&Port>,
        make: impl FnOnce() -> Made,
    ) -> Self::Checked<Made>;

    /// 1
    fn one() -> Self;

    /// The value as an array index; `None` for a [`Scalar`].
    fn as_index(self) -> Option<usize>;

    /// The first value that is NaN or infinite, with its position; integers never are.
    #[inline(always)]
    fn find_not_finite(_values: &[Self]) -> Option<(usize, f64)> {
        None
    }

    /// Whether no value is NaN or infinite; may be `false` for finite values whose sum overflows.
    #[inline(always)]
    fn are_finite<I: Isa>(_isa: I, _values: &[Self]) -> bool {
        true
    }
}

/// A floating-point type that a network computes in: `f32` or `f64`.
pub trait Scalar:
    Element
    + Debug
    + Sum
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// How many of these fill two 256-bit registers: the number of lanes a kernel works on at once.
    const LANES: usize;

    /// The nearest value of this type.
    fn from_f64(value: f64) -> Self;
    /// The same value as an `f64`; exact.
    fn to_f64(self) -> f64;
    /// The square root, correctly rounded.
    #[must_use]
    fn sqrt(self) -> Self;
    /// `self · a + b` in one rounding. Only fast where the machine has the instruction:
    /// kernels call it through [`Isa::mul_add`].
    #[must_use]
    fn fused_mul_add(self, a: Self, b: Self) -> Self;
    /// The absolute value.
    #[must_use]
    fn abs(self) -> Self;

    /// The number of bits of the fraction: 23 or 52.
    const FRACTION_BITS: u32;
    /// 1.5 · 2^[`FRACTION_BITS`](Self::FRACTION_BITS) plus the exponent's bias. Added to a number of less than half that
    /// size, it rounds it to a whole one: the sum is `ROUNDER + n`, and its lowest bits are those of the exponent of 2ⁿ.
    const ROUNDER: Self;
    /// The smallest positive number that is not subnormal.
    const MIN_POSITIVE: Self;

    /// 2ⁿ of `self = ROUNDER + n`, where 2ⁿ is a number that is not subnormal.
    #[must_use]
    fn power_of_two(self) -> Self;
    /// `[exponent, mantissa]`, so that `self = mantissa · 2^exponent` and the mantissa lies between √½ and √2.
    /// For positive, finite numbers that are not subnormal.
    fn split(self) -> [Self; 2];
    /// The absolute value of `self` with the sign of `sign`.
    #[must_use]
    fn copysign(self, sign: Self) -> Self;
}

macro_rules! impl_scalar {
    ($type:ident, $bits:ident, $lanes:literal, $libm_sqrt:ident, $dtype:ident) => {
        impl Element for $type {
            const DTYPE: Dtype = Dtype::$dtype;
            type Checked<Made> = Made;

            #[inline(always)]
            fn checked<Made, const N: usize>(
                _rows: &[[Self; N]],
                _input: Option<&Port>,
                make: impl FnOnce() -> Made,
            ) -> Made {
                make()
            }

            #[inline(always)]
            fn one() -> Self {
                1.0
            }

            #[inline(always)]
            fn as_index(self) -> Option<usize> {
                None
            }

            #[inline(always)]
            fn find_not_finite(values: &[Self]) -> Option<(usize, f64)> {
                if are_finite(values) { None } else { find(values, |value| !value.is_finite()) }
            }

            #[inline(always)]
            fn are_finite<I: Isa>(isa: I, values: &[Self]) -> bool {
                isa.call(IsFinite { values, squares: false })
            }
        }

        impl Scalar for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const LANES: usize = $lanes;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $type
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                #[cfg(feature = "std")]
                return std::primitive::$type::sqrt(self);
                #[cfg(all(not(feature = "std"), feature = "libm"))]
                return libm::$libm_sqrt(self);
                #[cfg(not(any(feature = "std", feature = "libm")))]
                return self;
            }

            #[inline(always)]
            fn fused_mul_add(self, a: Self, b: Self) -> Self {
                #[cfg(feature = "std")]
                return self.mul_add(a, b);
                #[cfg(not(feature = "std"))]
                return self * a + b;
            }

            #[inline(always)]
            fn abs(self) -> Self {
                $type::abs(self)
            }

            const FRACTION_BITS: u32 = $type::MANTISSA_DIGITS - 1;
            const ROUNDER: Self = 1.5 * ((1 as $bits) << Self::FRACTION_BITS) as $type + ($type::MAX_EXP - 1) as $type;
            const MIN_POSITIVE: Self = $type::MIN_POSITIVE;

            #[inline(always)]
            fn power_of_two(self) -> Self {
                $type::from_bits(self.to_bits() << Self::FRACTION_BITS)
            }

            #[inline(always)]
            fn split(self) -> [Self; 2] {
                // the distance to √½, so that the exponent's field turns over there and not at 1
                const SQRT_HALF: $bits = $type::to_bits(core::$type::consts::FRAC_1_SQRT_2);
                const OFFSET: $bits = $type::to_bits(1.0) - SQRT_HALF;
                const INTEGER: $type = ((1 as $bits) << $type::FRACTION_BITS) as $type;
                const BIAS: $type = ($type::MAX_EXP - 1) as $type;
                let bits = self.to_bits().wrapping_add(OFFSET);
                let exponent = $type::from_bits((bits >> Self::FRACTION_BITS) | INTEGER.to_bits()) - (INTEGER + BIAS);
                let fraction = bits & (((1 as $bits) << Self::FRACTION_BITS) - 1);
                [exponent, $type::from_bits(fraction + SQRT_HALF)]
            }

            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                $type::copysign(self, sign)
            }
        }
    };
}

impl_scalar!(f32, u32, 16, sqrtf, F32);
impl_scalar!(f64, u64, 8, sqrt, F64);

/// How many sums of [`sums_are_finite`] there are side by side.
const SUMS: usize = 32;

/// How many there are where fewer values are left.
const FEW_SUMS: usize = 8;

/// [`are_finite`] for the machine's own instructions; with `squares` of the values' squares.
pub(crate) struct IsFinite<'a, T> {
    pub(crate) values: &'a [T],
    pub(crate) squares: bool,
}

impl<T: Scalar> Kernel for IsFinite<'_, T> {
    type Output = bool;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> bool {
        let Self { values, squares } = self;
        if squares { sums_are_finite(values, |sum, value| isa.mul_add(value, value, sum)) } else { are_finite(values) }
    }
}

/// Whether no value is NaN or infinite.
///
/// May return `false` for finite values whose sum overflows.
#[inline(always)]
pub(crate) fn are_finite<T: Scalar>(values: &[T]) -> bool {
    sums_are_finite(values, |sum, value| sum + value)
}

/// Whether sums of the values, or of a function of theirs, are finite: `add` adds a value to a sum. NaN and infinity stay in a
/// sum, so one addition for each value tells.
#[inline(always)]
fn sums_are_finite<T: Scalar>(values: &[T], add: impl Fn(T, T) -> T) -> bool {
    let (chunks, rest) = values.as_chunks::<SUMS>();
    let (few, rest) = rest.as_chunks::<FEW_SUMS>();
    let are_rest_finite = rest.iter().fold(true, |are, &value| are & is_finite(add(T::ZERO, value)));
    (chunks.is_empty() || sum_side_by_side(chunks, &add))
        & (few.is_empty() || sum_side_by_side(few, &add))
        & are_rest_finite
}

/// Whether the sums of the chunks' first values, second values and so on are finite.
#[inline(always)]
fn sum_side_by_side<T: Scalar, const COUNT: usize>(chunks: &[[T; COUNT]], add: impl Fn(T, T) -> T) -> bool {
    let mut sums = [T::ZERO; COUNT];
    for chunk in chunks {
        for (sum, &value) in sums.iter_mut().zip(chunk) {
            *sum = add(*sum, value);
        }
    }
    sums.iter().fold(true, |are, &sum| are & is_finite(sum))
}

#[inline(always)]
fn is_finite<T: Scalar>(value: T) -> bool {
    value.abs() < T::from_f64(f64::INFINITY)
}

/// The first value for which `is_wanted` holds, with its position.
#[cold]
#[inline(never)]
pub(crate) fn find<T: Scalar>(values: &[T], is_wanted: impl Fn(T) -> bool) -> Option<(usize, f64)> {
    values.iter().enumerate().find(|(_, value)| is_wanted(**value)).map(|(position, value)| (position, value.to_f64()))
}

/// The value of a state that is carried from step to step; 0 where it is smaller than 2^-100, in `f64` 2^-967. NaN stays.
///
/// Without this, a state that decays would become subnormal and stay so for ever, as 0.98 times the smallest subnormal number
/// rounds back to that number, and each step with subnormal numbers takes many times as long. The bound lies above the smallest
/// normal number, so that products with weights are not subnormal either.
#[inline(always)]
pub(crate) fn flush_state<T: Scalar>(value: T) -> T {
    let least = T::MIN_POSITIVE * T::from_f64((8_u64 << T::FRACTION_BITS) as f64);
    if value.abs() < least { T::ZERO } else { value }
}

/// 1 or -1 as the value is positive or negative; 0 and NaN stay.
#[inline(always)]
pub(crate) fn sign<T: Scalar>(value: T) -> T {
    let positive = if value > T::ZERO { T::ONE } else { value };
    if value < T::ZERO { -T::ONE } else { positive }
}

/// An integer type whose values index the rows of an embedding: `u8`, `u16` or `u32`.
pub trait Index: Element + Eq + Ord {
    /// The value as an array index.
    fn to_usize(self) -> usize;
}

macro_rules! impl_index {
    ($($type:ident $dtype:ident),*) => {$(
        impl Element for $type {
            const DTYPE: Dtype = Dtype::$dtype;
            type Checked<Made> = Result<Made, IndexError>;

            #[inline(always)]
            fn checked<Made, const N: usize>(
                rows: &[[Self; N]],
                input: Option<&Port>,
                make: impl FnOnce() -> Made,
            ) -> Result<Made, IndexError> {
                IndexError::check(rows, input).map_err(|(row, error)| error.in_row(row, rows.len()))?;
                Ok(make())
            }

            #[inline(always)]
            fn one() -> Self {
                1
            }

            #[inline(always)]
            fn as_index(self) -> Option<usize> {
                Some(self as usize)
            }
        }

        impl Index for $type {
            #[inline(always)]
            fn to_usize(self) -> usize {
                self as usize
            }
        }
    )*};
}

impl_index!(u8 U8, u16 U16, u32 U32);

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Scalar>(largest: T) {
        for len in [1, 2, 31, 32, 33, 200] {
            let mut values = std::vec![T::ONE; len];
            assert_eq!(T::find_not_finite(&values), None);
            values.fill(largest);
            assert_eq!(T::find_not_finite(&values), None, "the sums overflow, the values are finite");
            for position in [0, len / 2, len - 1] {
                for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    let mut values = std::vec![T::ONE; len];
                    values[position] = T::from_f64(value);
                    let (found, bad) = T::find_not_finite(&values).expect("one value is not finite");
                    assert_eq!((found, bad.to_bits()), (position, value.to_bits()));
                }
            }
        }
        // infinities that would cancel
        assert!(T::find_not_finite(&[T::from_f64(f64::INFINITY), T::from_f64(f64::NEG_INFINITY)]).is_some());
    }

    #[test]
    fn the_first_value_that_is_not_finite_is_found() {
        check(f32::MAX);
        check(f64::MAX);
        assert_eq!(u8::find_not_finite(&[255]), None);
    }
}
