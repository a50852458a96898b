//! Levels of the machine. A public call [`dispatch`]es once; the token is passed down to every kernel.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
use core::arch::x86_64::{__m128, __m256d};

use crate::scalar::Scalar;

/// A level of the machine's instructions, as proof that they may be used.
pub trait Isa: Copy + Send + Sync {
    /// Whether multiplication and addition fuse into one instruction.
    const FMA: bool;

    /// Runs `kernel` compiled for this level.
    ///
    /// The kernel's [`run`](Kernel::run) and all it calls must be `#[inline(always)]`: what is not inlined is compiled
    /// for the portable level, silently.
    fn call<K: Kernel>(self, kernel: K) -> K::Output;

    /// `a · b + c`, fused where that is one instruction and never in software.
    #[inline(always)]
    fn mul_add<T: Scalar>(self, a: T, b: T, c: T) -> T {
        if Self::FMA { a.fused_mul_add(b, c) } else { a * b + c }
    }

    /// Adds `factor · lanes` to `sums`, lane by lane, each as [`mul_add`](Self::mul_add) does.
    #[inline(always)]
    fn add_scaled<T: Scalar, const L: usize>(self, factor: T, lanes: &[T; L], sums: &mut [T; L]) {
        for (sum, lane) in sums.iter_mut().zip(lanes) {
            *sum = self.mul_add(factor, *lane, *sum);
        }
    }

    /// The transpose of a square of 4 rows.
    #[inline(always)]
    fn transpose<T: Scalar>(self, rows: [[T; 4]; 4]) -> [[T; 4]; 4] {
        let [a, b, c, d] = rows;
        core::array::from_fn(|i| [a[i], b[i], c[i], d[i]])
    }
}

/// Work that is compiled once for each level of the machine.
pub trait Kernel {
    /// What the work returns.
    type Output;

    /// Does the work. Implementations are `#[inline(always)]`.
    fn run<I: Isa>(self, isa: I) -> Self::Output;
}

/// The instructions that the build's target has for certain.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Isa for Portable {
    const FMA: bool = false;

    // One copy of a kernel for all its callers: inlined, it would be compiled again for every layer of a network.
    #[inline(never)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        kernel.run(self)
    }
}

/// AVX2 and FMA, found at run time.
#[cfg(all(feature = "std", target_arch = "x86_64"))]
#[derive(Clone, Copy, Debug)]
struct Avx2Fma(pulp::x86::V3);

#[cfg(all(feature = "std", target_arch = "x86_64"))]
impl Isa for Avx2Fma {
    const FMA: bool = true;

    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        struct Enter<K>(Avx2Fma, K);

        impl<K: Kernel> pulp::NullaryFnOnce for Enter<K> {
            type Output = K::Output;

            #[inline(always)]
            fn call(self) -> K::Output {
                self.1.run(self.0)
            }
        }

        self.0.vectorize(Enter(self, kernel))
    }

    #[inline(always)]
    fn add_scaled<T: Scalar, const L: usize>(self, factor: T, lanes: &[T; L], sums: &mut [T; L]) {
        use bytemuck::cast;

        if size_of::<T>() == size_of::<f32>() {
            let factor = cast::<T, f32>(factor);
            let (lanes, lanes_after) = lanes.as_chunks::<8>();
            let (sums, sums_after) = sums.as_chunks_mut::<8>();
            let factors = self.0.avx._mm256_set1_ps(factor);
            for (sums, lanes) in sums.iter_mut().zip(lanes) {
                *sums = cast(self.0.fma._mm256_fmadd_ps(factors, cast(*lanes), cast(*sums)));
            }
            let (lanes, lanes_after) = lanes_after.as_chunks::<4>();
            let (sums, sums_after) = sums_after.as_chunks_mut::<4>();
            let factors = self.0.sse._mm_set1_ps(factor);
            for (sums, lanes) in sums.iter_mut().zip(lanes) {
                *sums = cast(self.0.fma._mm_fmadd_ps(factors, cast(*lanes), cast(*sums)));
            }
            for (sum, lane) in sums_after.iter_mut().zip(lanes_after) {
                *sum = cast(factor.mul_add(cast(*lane), cast(*sum)));
            }
        } else {
            let factor = cast::<T, f64>(factor);
            let (lanes, lanes_after) = lanes.as_chunks::<4>();
            let (sums, sums_after) = sums.as_chunks_mut::<4>();
            let factors = self.0.avx._mm256_set1_pd(factor);
            for (sums, lanes) in sums.iter_mut().zip(lanes) {
                *sums = cast(self.0.fma._mm256_fmadd_pd(factors, cast(*lanes), cast(*sums)));
            }
            for (sum, lane) in sums_after.iter_mut().zip(lanes_after) {
                *sum = cast(factor.mul_add(cast(*lane), cast(*sum)));
            }
        }
    }

    #[inline(always)]
    fn transpose<T: Scalar>(self, rows: [[T; 4]; 4]) -> [[T; 4]; 4] {
        use bytemuck::cast;

        if size_of::<T>() == size_of::<f32>() {
            let sse = self.0.sse;
            let [a, b, c, d] = rows.map(cast::<[T; 4], __m128>);
            let (low_ab, low_cd) = (sse._mm_unpacklo_ps(a, b), sse._mm_unpacklo_ps(c, d));
            let (high_ab, high_cd) = (sse._mm_unpackhi_ps(a, b), sse._mm_unpackhi_ps(c, d));
            [
                cast(sse._mm_movelh_ps(low_ab, low_cd)),
                cast(sse._mm_movehl_ps(low_cd, low_ab)),
                cast(sse._mm_movelh_ps(high_ab, high_cd)),
                cast(sse._mm_movehl_ps(high_cd, high_ab)),
            ]
        } else {
            let avx = self.0.avx;
            let [a, b, c, d] = rows.map(cast::<[T; 4], __m256d>);
            let (even_ab, even_cd) = (avx._mm256_unpacklo_pd(a, b), avx._mm256_unpacklo_pd(c, d));
            let (odd_ab, odd_cd) = (avx._mm256_unpackhi_pd(a, b), avx._mm256_unpackhi_pd(c, d));
            [
                cast(avx._mm256_permute2f128_pd::<0x20>(even_ab, even_cd)),
                cast(avx._mm256_permute2f128_pd::<0x20>(odd_ab, odd_cd)),
                cast(avx._mm256_permute2f128_pd::<0x31>(even_ab, even_cd)),
                cast(avx._mm256_permute2f128_pd::<0x31>(odd_ab, odd_cd)),
            ]
        }
    }
}

/// Runs `kernel` at the highest level that this machine has.
///
/// The kernel's own body is not compiled for that level, only what it hands on to [`Isa::call`].
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if let Some(token) = pulp::x86::V3::try_new() {
        return kernel.run(Avx2Fma(token));
    }
    kernel.run(Portable)
}
