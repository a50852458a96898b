//! The two floating-point types that a network computes in, and the integers that index an embedding.

use core::fmt::{Debug, Display};
use core::iter::Sum;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use bytemuck::Pod;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for u8 {}
    impl Sealed for u16 {}
    impl Sealed for u32 {}
}

/// What stands in the input of a network: a [`Scalar`], or an [`Index`].
pub trait Element: sealed::Sealed + nalgebra::Scalar + Pod + Default + PartialOrd + Display + Send + Sync {}

impl<E: sealed::Sealed + nalgebra::Scalar + Pod + Default + PartialOrd + Display + Send + Sync> Element for E {}

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
    fn sqrt(self) -> Self;
    /// `self · a + b` in one rounding. Only fast where the machine has the instruction:
    /// kernels call it through [`Isa::mul_add`](crate::kernels::Isa::mul_add).
    fn fused_mul_add(self, a: Self, b: Self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
}

macro_rules! impl_scalar {
    ($type:ident, $lanes:literal, $libm_sqrt:ident) => {
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
        }
    };
}

impl_scalar!(f32, 16, sqrtf);
impl_scalar!(f64, 8, sqrt);

/// An integer type whose values index the rows of an embedding: `u8`, `u16` or `u32`.
pub trait Index: Element + Eq + Ord {
    /// The value as an array index.
    fn to_usize(self) -> usize;
}

macro_rules! impl_index {
    ($($type:ident)*) => {$(
        impl Index for $type {
            #[inline(always)]
            fn to_usize(self) -> usize {
                self as usize
            }
        }
    )*};
}

impl_index!(u8 u16 u32);
