//! Central differences of layers that work in place, and of elementwise functions.

use nalgebra::SMatrix;

use crate::families::elementwise::{self, Elementwise};
use crate::init::{rng, unit};
use crate::kernels::{Isa, Kernel, Portable, dispatch};
use crate::scalar::Scalar;

/// A layer that works in place, with its options.
pub(crate) trait InPlace: Copy {
    fn forward<I: Isa, const BATCH: usize, const N: usize>(self, isa: I, value: &mut SMatrix<f64, BATCH, N>);

    fn backward_input<I: Isa, const BATCH: usize, const N: usize>(
        self,
        isa: I,
        output: &SMatrix<f64, BATCH, N>,
        grad: &mut SMatrix<f64, BATCH, N>,
    );
}

/// Compares the gradient with differences of a weighted sum of the output, at both levels of the machine.
pub(crate) fn check<L: InPlace, const BATCH: usize, const N: usize>(layer: L) {
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

/// What the derivative of an elementwise function is computed from.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum At {
    Output,
    Input,
}

/// Compares the derivative with differences between -9 and 9, away from the kinks, at both levels of the machine.
pub(crate) fn check_elementwise<F: Elementwise>(function: F, at: At, kinks: &[f64]) {
    CheckElementwise(function, at, kinks).run(Portable);
    dispatch(CheckElementwise(function, at, kinks));
}

struct CheckElementwise<'a, F>(F, At, &'a [f64]);

impl<F: Elementwise> Kernel for CheckElementwise<'_, F> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        const CHANGE: f64 = 1e-5;
        let Self(function, at, kinks) = self;
        let input = SMatrix::<f64, 7, 67>::from_fn(|row, column| (row * 67 + column) as f64 * (18.0 / 468.0) - 9.0);
        let input = input.map(|x| if kinks.iter().any(|kink| (x - kink).abs() < 0.01) { x + 0.02 } else { x });
        let output_of = |mut value: SMatrix<f64, 7, 67>| {
            elementwise::forward(isa, function, &mut value);
            value
        };
        let mut grad = input.map(|x| 2.0 + x.sin());
        let place = if at == At::Output { output_of(input) } else { input };
        let expected = (output_of(input.add_scalar(CHANGE)) - output_of(input.add_scalar(-CHANGE))) / (2.0 * CHANGE);
        let expected = expected.component_mul(&grad);
        elementwise::backward_input(isa, function, &place, &mut grad);
        for ((input, grad), expected) in input.iter().zip(&grad).zip(&expected) {
            assert!((grad - expected).abs() < 1e-8, "at {input}: {grad} is not {expected}");
        }
    }
}

/// Compares `[input, output, gradient for 2]` with what the function gives, in `f64` and in `f32`.
pub(crate) fn check_values<F: Elementwise>(function: F, at: At, expected: &[[f64; 3]]) {
    for &[input, output, grad] in expected {
        check_value(function, at, [input, output, grad], 2e-15);
        check_value(function, at, [input, output, grad].map(|value| value as f32), 1e-6);
    }
}

fn check_value<F: Elementwise, T: Scalar>(function: F, at: At, [input, output, grad]: [T; 3], tolerance: f64) {
    let actual = function.output(Portable, input);
    let place = if at == At::Output { actual } else { input };
    let actual = [actual, function.gradient(Portable, place, T::from_f64(2.0))].map(T::to_f64);
    for (actual, expected) in actual.into_iter().zip([output, grad].map(T::to_f64)) {
        let error = (actual - expected).abs();
        assert!(error <= tolerance * expected.abs().max(1e-3), "at {input}: {actual} is not {expected}");
    }
}
