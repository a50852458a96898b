//! The level of AVX2 and FMA. Where vectorisation must hold, its instructions are written out.

use core::arch::x86_64::{__m128, __m256, __m256d};

use bytemuck::{Pod, cast};
use pulp::x86::V3;

use super::avx512::Avx512;
use super::registers::{self, fills};
use super::{Isa, Kernel};
use crate::scalar::{Element, Scalar};

/// AVX2 and FMA, found at run time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2Fma(pub(super) V3);

impl Avx2Fma {
    /// The level, if this machine has it.
    #[inline]
    pub(super) fn find() -> Option<Self> {
        V3::try_new().map(Self)
    }

    /// Runs `kernel` compiled for this level, in a function of its own.
    #[inline(always)]
    pub(super) fn enter<K: Kernel>(self, kernel: K) -> K::Output {
        self.0.vectorize(Enter(self, kernel))
    }
}

/// A kernel at a level, as it is handed to pulp.
pub(super) struct Enter<I, K>(pub(super) I, pub(super) K);

impl<I: Isa, K: Kernel> pulp::NullaryFnOnce for Enter<I, K> {
    type Output = K::Output;

    #[inline(always)]
    fn call(self) -> K::Output {
        self.1.run(self.0)
    }
}

impl Isa for Avx2Fma {
    const FMA: bool = true;
    const REGISTER: usize = 32;

    // One copy of a kernel for all its callers: a kernel within a kernel would else be compiled for each of them.
    #[inline(never)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        self.enter(kernel)
    }

    #[inline(always)]
    fn call_widest<K: Kernel>(self, kernel: K) -> K::Output {
        match Avx512::find() {
            Some(isa) => isa.call(kernel),
            None => self.call(kernel),
        }
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
        }
        // a register's values without a loop: what is less to compile is unrolled more
        if const { is_f32::<T>() && L == 8 } {
            *sums = cast(self.0.fma._mm256_fmadd_ps(cast(*factors), cast(*lanes), cast(*sums)));
            return;
        } else if const { is_f32::<T>() && L == 4 } {
            *sums = cast(self.0.fma._mm_fmadd_ps(cast(*factors), cast(*lanes), cast(*sums)));
            return;
        } else if const { !is_f32::<T>() && L == 4 } {
            *sums = cast(self.0.fma._mm256_fmadd_pd(cast(*factors), cast(*lanes), cast(*sums)));
            return;
        }
        let mut operands = (factors.as_slice(), lanes.as_slice(), sums.as_mut_slice());
        if const { is_f32::<T>() && L >= 8 } {
            operands = fuse::<T, __m256, 8>(operands, |a, b, c| self.0.fma._mm256_fmadd_ps(a, b, c));
        }
        if const { is_f32::<T>() && L % 8 >= 4 } {
            operands = fuse::<T, __m128, 4>(operands, |a, b, c| self.0.fma._mm_fmadd_ps(a, b, c));
        }
        if const { !is_f32::<T>() && L >= 4 } {
            operands = fuse::<T, __m256d, 4>(operands, |a, b, c| self.0.fma._mm256_fmadd_pd(a, b, c));
        }
        if const { !L.is_multiple_of(4) } {
            fuse::<T, T, 1>(operands, T::fused_mul_add);
        }
    }

    #[inline(always)]
    fn join<E: Element>(self, rows: [[E; 4]; 2]) -> [E; 8] {
        if const { size_of::<E>() != 4 } {
            return cast(rows);
        }
        let [low, high] = rows.map(cast::<[E; 4], __m128>);
        let avx = self.0.avx;
        cast(avx._mm256_insertf128_ps::<1>(avx._mm256_castps128_ps256(low), high))
    }

    #[inline(always)]
    fn transpose<E: Element>(self, rows: [[E; 4]; 4]) -> [[E; 4]; 4] {
        transpose(self.0, rows)
    }
}

/// Whether `T` is `f32`; otherwise it is `f64`.
#[inline(always)]
pub(super) const fn is_f32<T: Scalar>() -> bool {
    size_of::<T>() == size_of::<f32>()
}

pub(super) type Operands<'a, T> = (&'a [T], &'a [T], &'a mut [T]);

/// Fuses as many of the operands as fill whole vectors, and returns what is left of them.
#[inline(always)]
pub(super) fn fuse<T: Scalar, V: Pod, const N: usize>(
    (a, b, c): Operands<T>,
    fma: impl Fn(V, V, V) -> V,
) -> Operands<T> {
    let (a, a_rest) = a.as_chunks::<N>();
    let (b, b_rest) = b.as_chunks::<N>();
    let (c, c_rest) = c.as_chunks_mut::<N>();
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        *c = cast(fma(cast(*a), cast(*b), cast(*c)));
    }
    (a_rest, b_rest, c_rest)
}

/// The transpose of a square of 4 rows, by the registers of 128 and 256 bits.
#[inline(always)]
pub(super) fn transpose<E: Element>(simd: V3, rows: [[E; 4]; 4]) -> [[E; 4]; 4] {
    if const { size_of::<E>() == 4 } {
        let sse = simd.sse;
        let [a, b, c, d] = rows.map(cast::<[E; 4], __m128>);
        let (low_ab, low_cd) = (sse._mm_unpacklo_ps(a, b), sse._mm_unpacklo_ps(c, d));
        let (high_ab, high_cd) = (sse._mm_unpackhi_ps(a, b), sse._mm_unpackhi_ps(c, d));
        [
            cast(sse._mm_movelh_ps(low_ab, low_cd)),
            cast(sse._mm_movehl_ps(low_cd, low_ab)),
            cast(sse._mm_movelh_ps(high_ab, high_cd)),
            cast(sse._mm_movehl_ps(high_cd, high_ab)),
        ]
    } else if const { size_of::<E>() == 8 } {
        let avx = simd.avx;
        let [a, b, c, d] = rows.map(cast::<[E; 4], __m256d>);
        let (even_ab, even_cd) = (avx._mm256_unpacklo_pd(a, b), avx._mm256_unpacklo_pd(c, d));
        let (odd_ab, odd_cd) = (avx._mm256_unpackhi_pd(a, b), avx._mm256_unpackhi_pd(c, d));
        [
            cast(avx._mm256_permute2f128_pd::<0x20>(even_ab, even_cd)),
            cast(avx._mm256_permute2f128_pd::<0x20>(odd_ab, odd_cd)),
            cast(avx._mm256_permute2f128_pd::<0x31>(even_ab, even_cd)),
            cast(avx._mm256_permute2f128_pd::<0x31>(odd_ab, odd_cd)),
        ]
    } else {
        let [a, b, c, d] = rows;
        core::array::from_fn(|i| [a[i], b[i], c[i], d[i]])
    }
}
