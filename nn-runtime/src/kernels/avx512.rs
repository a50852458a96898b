//! Registers of 512 bits, which double the peak of processors that fuse two of them a cycle. The level of small networks that
//! are worked off as a whole, and of kernels of products: [`Isa::call_widest`] of the level of AVX2 runs them at this one. What
//! else large networks do is of AVX2 alone, as a third copy of everything would take half as long again to compile.

use core::arch::x86_64::{__m128, __m256, __m256d, __m512, __m512d};

use pulp::x86::V4;

use super::avx2::{Avx2Fma, Enter, fuse, is_f32, transpose};
use super::registers::{self, fills};
use super::{Isa, Kernel};
use crate::scalar::{Element, Scalar};

/// AVX-512, as the fourth level of x86-64 has it, found at run time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(V4);

impl Avx512 {
    /// The level, if this machine has it.
    #[inline]
    pub(super) fn find() -> Option<Self> {
        #[cfg(test)]
        if tests::IS_HIDDEN.get() {
            return None;
        }
        V4::try_new().map(Self)
    }

    /// Runs `kernel` compiled for this level, in a function of its own.
    #[inline(always)]
    pub(super) fn enter<K: Kernel>(self, kernel: K) -> K::Output {
        self.0.vectorize(Enter(self, kernel))
    }
}

impl Isa for Avx512 {
    const FMA: bool = true;
    const REGISTER: usize = 64;

    // One copy of a kernel for all its callers: a kernel within a kernel would else be compiled for each of them.
    #[inline(never)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        self.enter(kernel)
    }

    #[inline(always)]
    fn call_narrow<K: Kernel>(self, kernel: K) -> K::Output {
        Avx2Fma(*self.0).call(kernel)
    }

    #[inline(always)]
    fn add_term<T: Scalar, const L: usize, const R: usize>(
        self,
        factors: [T; R],
        lanes: &[T; L],
        sums: &mut [[T; L]; R],
    ) {
        if const { fills::<T, L>(Self::REGISTER) } {
            registers::add_term(self.0, &factors, lanes, sums);
        } else if const { fills::<T, L>(Avx2Fma::REGISTER) } {
            registers::add_term(*self.0, &factors, lanes, sums);
        } else {
            for (sums, factor) in sums.iter_mut().zip(factors) {
                self.add_scaled(factor, lanes, sums);
            }
        }
    }

    #[inline(always)]
    fn add_products<T: Scalar, const L: usize>(self, factors: &[T; L], lanes: &[T; L], sums: &mut [T; L]) {
        if const { cfg!(debug_assertions) && fills::<T, L>(Self::REGISTER) } {
            return registers::add_products(self.0, factors, lanes, sums);
        } else if const { cfg!(debug_assertions) && fills::<T, L>(Avx2Fma::REGISTER) } {
            return registers::add_products(*self.0, factors, lanes, sums);
        }
        let mut operands = (factors.as_slice(), lanes.as_slice(), sums.as_mut_slice());
        if const { is_f32::<T>() && L >= 16 } {
            operands = fuse::<T, __m512, 16>(operands, |a, b, c| self.0.avx512f._mm512_fmadd_ps(a, b, c));
        }
        if const { is_f32::<T>() && L % 16 >= 8 } {
            operands = fuse::<T, __m256, 8>(operands, |a, b, c| self.0.fma._mm256_fmadd_ps(a, b, c));
        }
        if const { is_f32::<T>() && L % 8 >= 4 } {
            operands = fuse::<T, __m128, 4>(operands, |a, b, c| self.0.fma._mm_fmadd_ps(a, b, c));
        }
        if const { !is_f32::<T>() && L >= 8 } {
            operands = fuse::<T, __m512d, 8>(operands, |a, b, c| self.0.avx512f._mm512_fmadd_pd(a, b, c));
        }
        if const { !is_f32::<T>() && L % 8 >= 4 } {
            operands = fuse::<T, __m256d, 4>(operands, |a, b, c| self.0.fma._mm256_fmadd_pd(a, b, c));
        }
        if const { !L.is_multiple_of(4) } {
            fuse::<T, T, 1>(operands, T::fused_mul_add);
        }
    }

    #[inline(always)]
    fn transpose<E: Element>(self, rows: [[E; 4]; 4]) -> [[E; 4]; 4] {
        transpose(*self.0, rows)
    }
}

#[cfg(test)]
pub(super) mod tests;
