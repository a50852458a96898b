//! Adds to each step of a sequence what tells its position. PyTorch has no module for it; the source is Vaswani and others,
//! "Attention Is All You Need" (2017), section 3.5.
//!
//! ```text
//! output[step, 2i]     = input[step, 2i]     + sin(step · 10000^(-2i / F))    [BATCH, steps, F]   in place
//! output[step, 2i + 1] = input[step, 2i + 1] + cos(step · 10000^(-2i / F))
//! ```
//!
//! An odd F ends with a sine. Nothing is computed by a series when the network runs: the macro asks for [`Positions`],
//! tables that the compiler evaluates.
//!
//! # Backward
//!
//! ```text
//! grad_input = grad_output
//! ```
//!
//! The gradient of the input stands where it is to stand already. Nothing is cached, and there are no parameters.

use nalgebra::SMatrix;

use crate::families::positions::add_angles;
pub use crate::families::positions::{Positions, Tables};
use crate::kernels::{Isa, Kernel};
use crate::scalar::Scalar;

/// Overwrites `value`, the input, with the output. `FEATURES` divides N, and the positions are at least as many as the steps.
#[inline]
pub fn forward<
    T: Tables<FEATURES, PAIRS, FINE, COARSE>,
    const BATCH: usize,
    const N: usize,
    const FEATURES: usize,
    const PAIRS: usize,
    const FINE: usize,
    const COARSE: usize,
>(
    isa: impl Isa,
    _positions: Positions<FEATURES, PAIRS, FINE, COARSE>,
    value: &mut SMatrix<T, BATCH, N>,
) {
    const { assert!(N <= FEATURES * FINE * COARSE && FEATURES <= 2 * PAIRS, "there is a position for every step") }
    let (fine, coarse) = (T::FINE_TURNS.as_flattened(), T::COARSE_TURNS.as_flattened());
    isa.call(Forward { features: FEATURES, pairs: PAIRS, fine, coarse, value: &mut value.data.0 });
}

struct Forward<'a, T, const BATCH: usize> {
    features: usize,
    pairs: usize,
    fine: &'a [[T; 2]],
    coarse: &'a [[T; 2]],
    value: &'a mut [[T; BATCH]],
}

impl<T: Scalar, const BATCH: usize> Kernel for Forward<'_, T, BATCH> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        let (features, pairs) = (self.features.max(1), self.pairs.max(1));
        let fine_steps = self.fine.len() / pairs;
        let blocks = self.value.chunks_mut((features * fine_steps).max(1));
        for (block, coarse) in blocks.zip(self.coarse.chunks_exact(pairs)) {
            for (step, fine) in block.chunks_exact_mut(features).zip(self.fine.chunks_exact(pairs)) {
                for ((lanes, coarse), fine) in step.chunks_mut(2).zip(coarse).zip(fine) {
                    for (lane, addend) in lanes.iter_mut().zip(add_angles(isa, *coarse, *fine)) {
                        for value in lane {
                            *value += addend;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Portable, dispatch};

    struct Forward<'a, P, V>(P, &'a mut V);

    impl<
        T: Tables<FEATURES, PAIRS, FINE, COARSE>,
        const BATCH: usize,
        const N: usize,
        const FEATURES: usize,
        const PAIRS: usize,
        const FINE: usize,
        const COARSE: usize,
    > Kernel for Forward<'_, Positions<FEATURES, PAIRS, FINE, COARSE>, SMatrix<T, BATCH, N>>
    {
        type Output = ();

        fn run<I: Isa>(self, isa: I) {
            forward(isa, self.0, self.1);
        }
    }

    fn check<
        T: Tables<FEATURES, PAIRS, FINE, COARSE>,
        const BATCH: usize,
        const N: usize,
        const FEATURES: usize,
        const PAIRS: usize,
        const FINE: usize,
        const COARSE: usize,
    >(
        positions: Positions<FEATURES, PAIRS, FINE, COARSE>,
        tolerance: f64,
    ) {
        let ones = alloc::boxed::Box::new(SMatrix::<T, BATCH, N>::from([[T::ONE; BATCH]; N]));
        let (mut portable, mut dispatched) = (ones.clone(), ones);
        Forward(positions, &mut *portable).run(Portable);
        dispatch(Forward(positions, &mut *dispatched));
        for (column, lane) in portable.data.0.iter().chain(&dispatched.data.0).enumerate() {
            let (step, feature) = (column % N / FEATURES, column % FEATURES);
            let frequency = 10_000_f64.powf(-((feature - feature % 2) as f64) / FEATURES as f64);
            let angle = step as f64 * frequency;
            let expected = 1.0 + if feature % 2 == 0 { angle.sin() } else { angle.cos() };
            for value in lane {
                let error = f64::abs(value.to_f64() - expected);
                assert!(error < tolerance, "step {step}, feature {feature}: off by {error:e}");
            }
        }
    }

    #[test]
    fn agrees_with_sines_and_cosines() {
        check::<f64, 1, 36, _, _, _, _>(Positions::<6, 3, 3, 2>, 1e-14);
        check::<f64, 3, 42, _, _, _, _>(Positions::<6, 3, 3, 3>, 1e-14);
        check::<f64, 4, 21, _, _, _, _>(Positions::<7, 4, 2, 2>, 1e-14);
        check::<f64, 32, 13, _, _, _, _>(Positions::<1, 1, 4, 4>, 1e-14);
        check::<f32, 2, 36, _, _, _, _>(Positions::<6, 3, 3, 2>, 3e-7);
    }

    #[test]
    fn agrees_over_thousands_of_steps() {
        check::<f64, 1, { 5 * 4096 }, _, _, _, _>(Positions::<5, 3, 64, 64>, 2e-12);
        check::<f32, 1, { 5 * 4096 }, _, _, _, _>(Positions::<5, 3, 64, 64>, 3e-7);
    }
}
