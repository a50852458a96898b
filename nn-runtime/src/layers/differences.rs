//! Central differences of layers that work in place.

use nalgebra::SMatrix;

use crate::init::{rng, unit};
use crate::kernels::{Isa, Kernel, Portable, dispatch};

/// A layer that works in place, with its options.
pub(super) trait InPlace: Copy {
    fn forward<I: Isa, const BATCH: usize, const N: usize>(self, isa: I, value: &mut SMatrix<f64, BATCH, N>);

    fn backward_input<I: Isa, const BATCH: usize, const N: usize>(
        self,
        isa: I,
        output: &SMatrix<f64, BATCH, N>,
        grad: &mut SMatrix<f64, BATCH, N>,
    );
}

/// Compares the gradient with differences of a weighted sum of the output, at both levels of the machine.
pub(super) fn check<L: InPlace, const BATCH: usize, const N: usize>(layer: L) {
    Check::<L, BATCH, N>(layer).run(Portable);
    dispatch(Check::<L, BATCH, N>(layer));
}

struct Check<L, const BATCH: usize, const N: usize>(L);

impl<L: InPlace, const BATCH: usize, const N: usize> Kernel for Check<L, BATCH, N> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        const CHANGE: f64 = 1e-5;
        let mut rng = rng(BATCH as u64);
        // no closer to a kink at 0 than 0.01
        let input = SMatrix::<f64, BATCH, N>::from_fn(|_, _| (4.0 * unit(&mut rng) - 2.0) + 0.01)
            .map(|x| if x.abs() < 0.01 { 0.02 } else { x });
        let weighting = SMatrix::<f64, BATCH, N>::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0);
        let output_of = |input: &SMatrix<f64, BATCH, N>| {
            let mut value = *input;
            self.0.forward(isa, &mut value);
            value
        };
        let mut grad = weighting;
        self.0.backward_input(isa, &output_of(&input), &mut grad);
        for index in 0..BATCH * N {
            let [above, below] = [CHANGE, -CHANGE].map(|change| {
                let mut input = input;
                input[index] += change;
                output_of(&input).dot(&weighting)
            });
            let expected = (above - below) / (2.0 * CHANGE);
            assert!((grad[index] - expected).abs() < 1e-8, "[{index}]: {} is not {expected}", grad[index]);
        }
    }
}
