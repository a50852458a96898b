use std::vec::Vec;

use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Kernel, Portable, dispatch};

#[derive(Clone)]
struct Gru<const IN: usize, const H: usize, const GATES: usize> {
    weight_ih: SMatrix<f64, GATES, IN>,
    weight_hh: SMatrix<f64, GATES, H>,
    bias_ih: SVector<f64, GATES>,
    bias_hh: SVector<f64, GATES>,
}

fn fill<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

impl<const IN: usize, const H: usize, const GATES: usize> Gru<IN, H, GATES> {
    fn random() -> Self {
        Self { weight_ih: fill(1), weight_hh: fill(2), bias_ih: fill(3), bias_hh: fill(4) }
    }

    fn zeros() -> Self {
        Self {
            weight_ih: SMatrix::zeros(),
            weight_hh: SMatrix::zeros(),
            bias_ih: SMatrix::zeros(),
            bias_hh: SMatrix::zeros(),
        }
    }

    fn parameters(&mut self) -> impl Iterator<Item = &mut f64> {
        self.weight_ih.iter_mut().chain(&mut self.weight_hh).chain(&mut self.bias_ih).chain(&mut self.bias_hh)
    }

    fn infer<I: Isa, const BATCH: usize, const N: usize, const M: usize>(
        &self,
        isa: I,
        input: &SMatrix<f64, BATCH, N>,
    ) -> SMatrix<f64, BATCH, M> {
        let mut output = SMatrix::repeat(f64::NAN);
        infer(isa, &self.weight_ih, &self.weight_hh, &self.bias_ih, &self.bias_hh, input, &mut output);
        output
    }

    /// The equations, for one sample and with `std`'s functions.
    fn by_hand(&self, input: &[f64]) -> Vec<f64> {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let mut state = SVector::<f64, H>::zeros();
        let mut outputs = Vec::new();
        for input in input.chunks_exact(IN) {
            let from_input = self.weight_ih * SVector::<f64, IN>::from_column_slice(input) + self.bias_ih;
            let from_state = self.weight_hh * state + self.bias_hh;
            for j in 0..H {
                let r = sigmoid(from_input[j] + from_state[j]);
                let z = sigmoid(from_input[H + j] + from_state[H + j]);
                let n = (from_input[2 * H + j] + r * from_state[2 * H + j]).tanh();
                state[j] = (1.0 - z) * n + z * state[j];
            }
            outputs.extend(&state);
        }
        outputs
    }
}

/// What the tests of one size share. `N = STEPS · IN`, `M = STEPS · H`, `CACHE = STEPS · 4 · H`, `GATES = 3 · H`.
struct Check<
    const BATCH: usize,
    const IN: usize,
    const H: usize,
    const GATES: usize,
    const N: usize,
    const M: usize,
    const CACHE: usize,
>;

impl<
    const BATCH: usize,
    const IN: usize,
    const H: usize,
    const GATES: usize,
    const N: usize,
    const M: usize,
    const CACHE: usize,
> Kernel for Check<BATCH, IN, H, GATES, N, M, CACHE>
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let gru = Gru::<IN, H, GATES>::random();
        let input = fill::<BATCH, N>(5);
        let weighting = fill::<BATCH, M>(6);
        let Gru { weight_ih, weight_hh, bias_ih, bias_hh } = &gru;

        let mut output = SMatrix::<f64, BATCH, M>::repeat(f64::NAN);
        let mut cache = SMatrix::<f64, BATCH, CACHE>::repeat(f64::NAN);
        forward(isa, weight_ih, weight_hh, bias_ih, bias_hh, &input, &mut output, &mut cache);
        assert_eq!(output, gru.infer::<I, BATCH, N, M>(isa, &input));
        for (row, output) in output.row_iter().enumerate() {
            let sample: Vec<f64> = input.row(row).iter().copied().collect();
            for (output, expected) in output.iter().zip(gru.by_hand(&sample)) {
                close(*output, expected, 1e-14);
            }
            gru.check_steps::<I, M>(isa, &sample, output.iter().copied());
        }

        let first = 0.25;
        let mut gradient = Gru::<IN, H, GATES>::zeros();
        gradient.parameters().for_each(|value| *value = first);
        backward_shared(isa, weight_hh, &output, &mut cache, &weighting);
        let Gru { weight_ih: grad_ih, weight_hh: grad_hh, bias_ih: grad_bias_ih, bias_hh: grad_bias_hh } =
            &mut gradient;
        backward_parameters(isa, &input, &output, &cache, grad_ih, grad_hh, grad_bias_ih, grad_bias_hh);
        let mut grad_input = SMatrix::<f64, BATCH, N>::repeat(f64::NAN);
        backward_input(isa, weight_ih, &cache, &mut grad_input);

        let loss = |gru: &Gru<IN, H, GATES>, input: &SMatrix<f64, BATCH, N>| {
            gru.infer::<I, BATCH, N, M>(isa, input).dot(&weighting)
        };
        for (index, gradient) in gradient.parameters().enumerate() {
            let expected = central_difference(|change| {
                let mut gru = gru.clone();
                gru.parameters().skip(index).take(1).for_each(|value| *value += change);
                loss(&gru, &input)
            });
            close(*gradient - first, expected, 1e-8);
        }
        for index in 0..BATCH * N {
            let expected = central_difference(|change| {
                let mut input = input;
                input[index] += change;
                loss(&gru, &input)
            });
            close(grad_input[index], expected, 1e-8);
        }
    }
}

impl<const IN: usize, const H: usize, const GATES: usize> Gru<IN, H, GATES> {
    fn check_steps<I: Isa, const M: usize>(&self, isa: I, sample: &[f64], expected: impl Iterator<Item = f64>) {
        let mut state = SVector::<f64, H>::zeros();
        let mut outputs = Vec::new();
        for input in sample.chunks_exact(IN) {
            let input = SMatrix::<f64, 1, IN>::from_column_slice(input);
            let mut output = SMatrix::<f64, 1, H>::repeat(f64::NAN);
            let Self { weight_ih, weight_hh, bias_ih, bias_hh } = self;
            step(isa, weight_ih, weight_hh, bias_ih, bias_hh, &mut state, &input, &mut output);
            outputs.extend(&output);
        }
        assert_eq!(outputs.len(), M);
        for (output, expected) in outputs.into_iter().zip(expected) {
            close(output, expected, 1e-14);
        }
    }
}

fn central_difference(loss: impl Fn(f64) -> f64) -> f64 {
    const CHANGE: f64 = 1e-5;
    (loss(CHANGE) - loss(-CHANGE)) / (2.0 * CHANGE)
}

#[track_caller]
fn close(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance * (1.0 + expected.abs()), "{value} is not {expected}");
}

macro_rules! check {
    ($batch:literal, $steps:literal, $in:literal, $h:literal) => {{
        type Size = Check<$batch, $in, $h, { 3 * $h }, { $steps * $in }, { $steps * $h }, { $steps * 4 * $h }>;
        Check::run(Size {}, Portable);
        dispatch::<Size>(Check);
    }};
}

#[test]
fn agrees_with_the_equations_and_with_differences_of_the_loss() {
    check!(1, 4, 3, 5);
    check!(2, 1, 1, 1);
    check!(3, 5, 2, 3);
    check!(4, 3, 5, 7);
    check!(32, 2, 3, 2);
}

#[test]
fn sums_in_blocks_of_terms() {
    let gru = Gru::<150, 3, 9>::random();
    let input = fill::<4, 300>(7);
    let output: SMatrix<f64, 4, 6> = gru.infer(Portable, &input);
    let sample: Vec<f64> = input.row(2).iter().copied().collect();
    for (output, expected) in output.row(2).iter().zip(gru.by_hand(&sample)) {
        close(*output, expected, 1e-13);
    }
}

#[test]
fn starts_within_pytorchs_bounds() {
    let mut gru = Gru::<3, 16, 48>::zeros();
    let Gru { weight_ih, weight_hh, bias_ih, bias_hh } = &mut gru;
    init(weight_ih, weight_hh, bias_ih, bias_hh, &mut rng(1));
    assert!(gru.parameters().all(|value| value.abs() <= 0.25 && *value != 0.0));
    assert!(gru.parameters().any(|value| value.abs() > 0.24));
}
