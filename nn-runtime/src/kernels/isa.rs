//! Levels of the machine. A public call [`dispatch`]es once; the token is passed down to every kernel. Only whether there are
//! registers twice as wide is asked again where a kernel would fill them: [`Isa::call_widest`].

use super::{NotFinite, plain};
use crate::scalar::{Element, Scalar};

/// A level of the machine's instructions, as proof that they may be used.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a level of the machine's instructions, which each pass of a training step takes first",
    label = "this needs `Isa`",
    note = "for the output of a network write `network.predict(&input)`; `Fit` and `Training` train one"
)]
pub trait Isa: Copy + Send + Sync {
    /// Whether multiplication and addition fuse into one instruction.
    const FMA: bool;
    /// Whether [`call_in_place`](Self::call_in_place) makes kernels a part of their caller.
    const IN_PLACE: bool = false;
    /// The bytes of a register.
    const REGISTER: usize;

    /// Runs `kernel` compiled for this level.
    ///
    /// The kernel's [`run`](Kernel::run) and all it calls must be `#[inline(always)]`: what is not inlined is compiled
    /// for the portable level, silently.
    fn call<K: Kernel>(self, kernel: K) -> K::Output;

    /// Runs `kernel` as [`call`](Self::call) does, but as a part of its caller, with the sizes known there.
    ///
    /// Whoever calls this must be `#[inline(always)]` too, up to the entry into the level.
    #[inline(always)]
    fn call_in_place<K: Kernel>(self, kernel: K) -> K::Output {
        self.call(kernel)
    }

    /// Runs `kernel` as [`call`](Self::call) does, with registers of twice the width where the machine has them. It computes
    /// the same bits.
    #[inline(always)]
    fn call_widest<K: Kernel>(self, kernel: K) -> K::Output {
        self.call(kernel)
    }

    /// Runs `kernel` as [`call`](Self::call) does, with registers of 256 bits where the level has wider ones: a kernel that cannot
    /// fill those is compiled once for both. It computes the same bits.
    #[inline(always)]
    fn call_narrow<K: Kernel>(self, kernel: K) -> K::Output {
        self.call(kernel)
    }

    /// Runs `kernel`, which works on `LANES` lanes, with the [widest](Self::call_widest) registers where there are as many
    /// lanes, otherwise as [`call`](Self::call) does.
    #[inline(always)]
    fn call_for<K: Kernel, const LANES: usize>(self, kernel: K) -> K::Output {
        if const { LANES >= 16 } { self.call_widest(kernel) } else { self.call(kernel) }
    }

    /// The same, but [in place](Self::call_in_place) where that is of use.
    #[inline(always)]
    fn call_in_place_for<K: Kernel, const LANES: usize>(self, kernel: K) -> K::Output {
        if const { Self::IN_PLACE || LANES < 16 } { self.call_in_place(kernel) } else { self.call_widest(kernel) }
    }

    /// `a · b + c`, fused where that is one instruction and never in software.
    #[inline(always)]
    fn mul_add<T: Scalar>(self, a: T, b: T, c: T) -> T {
        if Self::FMA { a.fused_mul_add(b, c) } else { a * b + c }
    }

    /// Adds `factor · lanes` to `sums`, lane by lane, each as [`mul_add`](Self::mul_add) does.
    #[inline(always)]
    fn add_scaled<T: Scalar, const L: usize>(self, factor: T, lanes: &[T; L], sums: &mut [T; L]) {
        self.add_products(&[factor; L], lanes, sums);
    }

    /// Adds `factors[row] · lanes` to each row of `sums`, as [`add_scaled`](Self::add_scaled) does: for builds without optimisation,
    /// where a call for each row takes most of the time.
    #[inline(always)]
    fn add_term<T: Scalar, const L: usize, const R: usize>(
        self,
        factors: [T; R],
        lanes: &[T; L],
        sums: &mut [[T; L]; R],
    ) {
        if const { plain::fits::<L>() && !Self::FMA } {
            return plain::add_term(&factors, lanes, sums);
        }
        for (sums, factor) in sums.iter_mut().zip(factors) {
            self.add_scaled(factor, lanes, sums);
        }
    }

    /// Adds `factors · lanes` to `sums`, lane by lane, each as [`mul_add`](Self::mul_add) does.
    #[inline(always)]
    fn add_products<T: Scalar, const L: usize>(self, factors: &[T; L], lanes: &[T; L], sums: &mut [T; L]) {
        if const { plain::fits::<L>() && !Self::FMA } {
            return plain::add_products(factors, lanes, sums);
        }
        let (factors, lanes, before) = (*factors, *lanes, *sums);
        *sums = core::array::from_fn(|i| self.mul_add(factors[i], lanes[i], before[i]));
    }

    /// Two rows side by side, in one register if they fit.
    #[inline(always)]
    fn join<E: Element>(self, rows: [[E; 4]; 2]) -> [E; 8] {
        bytemuck::cast(rows)
    }

    /// The transpose of a square of 4 rows.
    #[inline(always)]
    fn transpose<E: Element>(self, rows: [[E; 4]; 4]) -> [[E; 4]; 4] {
        let [a, b, c, d] = rows;
        core::array::from_fn(|i| [a[i], b[i], c[i], d[i]])
    }

    /// Reports what a stage computed: `find` finds the first value that is not finite in so many rows of it. Nothing is done unless
    /// such a value is searched for.
    #[doc(hidden)]
    #[inline(always)]
    fn watch(self, _find: impl FnOnce(usize) -> Option<NotFinite>) {}

    /// The level for a network that is a stage; its own stages are numbered from `first` on.
    #[doc(hidden)]
    #[inline(always)]
    #[must_use]
    fn inside(self, _first: impl FnOnce() -> usize) -> Self {
        self
    }
}

/// How many values fill two of the level's registers.
#[inline(always)]
pub(crate) const fn widest<I: Isa, T: Scalar>() -> usize {
    2 * I::REGISTER / size_of::<T>()
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
    const REGISTER: usize = 16;

    // One copy of a kernel for all its callers: inlined, it would be compiled again for every layer of a network.
    #[inline(never)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        kernel.run(self)
    }
}

/// The same level in the work of a network so small that calls and loops over sizes unknown would take most of its time:
/// all of the work is compiled as one function for this level.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InPlace<I>(I);

impl<I: Isa> Isa for InPlace<I> {
    const FMA: bool = I::FMA;
    const REGISTER: usize = I::REGISTER;
    const IN_PLACE: bool = true;

    #[inline(always)]
    fn call<K: Kernel>(self, kernel: K) -> K::Output {
        self.0.call(kernel)
    }

    #[inline(always)]
    fn call_in_place<K: Kernel>(self, kernel: K) -> K::Output {
        kernel.run(self)
    }

    #[inline(always)]
    fn call_widest<K: Kernel>(self, kernel: K) -> K::Output {
        self.0.call_widest(kernel)
    }

    #[inline(always)]
    fn call_narrow<K: Kernel>(self, kernel: K) -> K::Output {
        self.0.call_narrow(kernel)
    }

    #[inline(always)]
    fn add_products<T: Scalar, const L: usize>(self, factors: &[T; L], lanes: &[T; L], sums: &mut [T; L]) {
        self.0.add_products(factors, lanes, sums);
    }

    #[inline(always)]
    fn join<E: Element>(self, rows: [[E; 4]; 2]) -> [E; 8] {
        self.0.join(rows)
    }

    #[inline(always)]
    fn transpose<E: Element>(self, rows: [[E; 4]; 4]) -> [[E; 4]; 4] {
        self.0.transpose(rows)
    }
}

/// Work whose kernels run [`InPlace`].
struct Whole<K>(K);

impl<K: Kernel> Kernel for Whole<K> {
    type Output = K::Output;

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> K::Output {
        self.0.run(InPlace(isa))
    }
}

/// Runs `kernel` at the highest level that this machine has, all of it compiled for that level; of the level of registers
/// twice as wide only if the `LANES` that it works on fill them.
///
/// Inlined, so that what the kernel borrows is handed on in registers: through memory, a tenth of the smallest network's
/// instructions were spent on it.
///
/// Without optimisation it is [`dispatch`]: what is inlined would have all its variables side by side on the stack.
#[inline(always)]
pub(crate) fn dispatch_whole<K: Kernel, const LANES: usize>(kernel: K) -> K::Output {
    if cfg!(debug_assertions) {
        return dispatch(kernel);
    }
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    {
        /// In a function of its own: it is rare.
        #[inline(never)]
        fn portable<K: Kernel>(kernel: K) -> K::Output {
            Whole(kernel).run(Portable)
        }
        if const { LANES >= 16 }
            && let Some(isa) = super::avx512::Avx512::find()
        {
            return isa.enter(Whole(kernel));
        }
        match super::avx2::Avx2Fma::find() {
            Some(isa) => isa.enter(Whole(kernel)),
            None => portable(kernel),
        }
    }
    #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
    Whole(kernel).run(Portable)
}

/// Runs `kernel` at the highest level that this machine has.
///
/// The kernel's own body is not compiled for that level, only what it hands on to [`Isa::call`].
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    if let Some(isa) = super::avx2::Avx2Fma::find() {
        return kernel.run(isa);
    }
    kernel.run(Portable)
}

/// Runs a kernel at each level: the portable one, the highest without the widest registers, and the highest.
#[cfg(test)]
pub(crate) fn at_each_level<K: Kernel>(kernel: impl Fn() -> K) -> [K::Output; 3] {
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    let narrow = super::avx512::tests::without(|| dispatch(kernel()));
    #[cfg(not(all(feature = "std", target_arch = "x86_64")))]
    let narrow = dispatch(kernel());
    [kernel().run(Portable), narrow, dispatch(kernel())]
}

/// Runs a kernel as the work of a small network is run.
#[cfg(test)]
pub(crate) fn in_place<K: Kernel>(kernel: K) -> K::Output {
    dispatch(Whole(kernel))
}
