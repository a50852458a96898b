//! Levels of the machine. A public call [`dispatch`]es once; the token is passed down to every kernel.

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

    #[inline(always)]
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
