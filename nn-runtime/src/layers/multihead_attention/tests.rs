use std::vec::Vec;

use super::*;
use crate::init::{rng, unit};
use crate::kernels::{Kernel, Portable, at_each_level};

#[derive(Clone)]
struct Parameters<const QKV: usize, const E: usize> {
    in_weight: SMatrix<f64, QKV, E>,
    in_bias: SVector<f64, QKV>,
    out_weight: SMatrix<f64, E, E>,
    out_bias: SVector<f64, E>,
}

fn fill<const R: usize, const C: usize>(seed: u64) -> SMatrix<f64, R, C> {
    let mut rng = rng(seed);
    SMatrix::from_fn(|_, _| 2.0 * unit(&mut rng) - 1.0)
}

impl<const QKV: usize, const E: usize> Parameters<QKV, E> {
    fn random() -> Self {
        Self { in_weight: fill(1), in_bias: fill(2), out_weight: fill(3), out_bias: fill(4) }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut f64> {
        self.in_weight.iter_mut().chain(&mut self.in_bias).chain(&mut self.out_weight).chain(&mut self.out_bias)
    }

    /// The equations for one sample, with `std`'s functions: the output, and the weights of all heads.
    fn by_hand(&self, heads: usize, is_causal: bool, input: &[f64]) -> [Vec<f64>; 2] {
        let size = E / heads;
        let project = |input: &[f64]| self.in_weight * SVector::<f64, E>::from_column_slice(input) + self.in_bias;
        let qkv: Vec<_> = input.chunks_exact(E).map(project).collect();
        let steps = qkv.len();
        let mut context = std::vec![SVector::<f64, E>::zeros(); steps];
        let mut weights = Vec::new();
        for head in 0..heads {
            for i in 0..steps {
                let score = |j: usize| {
                    let product = |d| qkv[i][head * size + d] * qkv[j][E + head * size + d];
                    if is_causal && j > i {
                        f64::NEG_INFINITY
                    } else {
                        (0..size).map(product).sum::<f64>() / (size as f64).sqrt()
                    }
                };
                let maximum = (0..steps).map(score).fold(f64::NEG_INFINITY, f64::max);
                let scores: Vec<f64> = (0..steps).map(|j| (score(j) - maximum).exp()).collect();
                let sum: f64 = scores.iter().sum();
                for (j, score) in scores.iter().enumerate() {
                    for d in head * size..(head + 1) * size {
                        context[i][d] += score / sum * qkv[j][2 * E + d];
                    }
                    weights.push(score / sum);
                }
            }
        }
        let output =
            context.iter().flat_map(|context| Vec::from((self.out_weight * context + self.out_bias).data.0[0]));
        [output.collect(), weights]
    }
}

/// What the tests of one size share. `N = STEPS · E`, `QKV = 3 · E`, `WEIGHTS = heads · STEPS²`, `SQUARE = STEPS²`.
struct Check<
    const BATCH: usize,
    const STEPS: usize,
    const E: usize,
    const QKV: usize,
    const N: usize,
    const WEIGHTS: usize,
    const CACHE: usize,
    const SCRATCH: usize,
>(bool);

impl<
    const BATCH: usize,
    const STEPS: usize,
    const E: usize,
    const QKV: usize,
    const N: usize,
    const WEIGHTS: usize,
    const CACHE: usize,
    const SCRATCH: usize,
> Check<BATCH, STEPS, E, QKV, N, WEIGHTS, CACHE, SCRATCH>
{
    const HEADS: usize = WEIGHTS / (STEPS * STEPS);

    /// In evaluation mode, with a cache as scratch memory: the output, and the kept weights.
    fn infer<I: Isa>(
        &self,
        isa: I,
        parameters: &Parameters<QKV, E>,
        input: &SMatrix<f64, BATCH, N>,
    ) -> (SMatrix<f64, BATCH, N>, SMatrix<f64, BATCH, WEIGHTS>) {
        let Parameters { in_weight, in_bias, out_weight, out_bias } = parameters;
        let mut output = SMatrix::<f64, BATCH, N>::repeat(f64::NAN);
        let mut weights = SMatrix::<f64, BATCH, WEIGHTS>::repeat(f64::NAN);
        let mut scratch = SMatrix::<f64, BATCH, CACHE>::repeat(f64::NAN);
        let (weight, bias) = ([in_weight.as_slice()], [in_bias.as_slice()]);
        let (out_bias, kept, none) = (Some(out_bias), Some(weights.as_mut_slice()), [None; 2]);
        let (sizes, turned) = (sizes(Self::HEADS, STEPS, E, self.0), Unrotated);
        infer(
            isa,
            sizes,
            turned,
            Whole,
            weight,
            bias,
            out_weight,
            out_bias,
            none,
            input,
            &mut output,
            &mut scratch,
            kept,
        );
        (output, weights)
    }

    fn check_values<I: Isa>(&self, isa: I, parameters: &Parameters<QKV, E>, input: &SMatrix<f64, BATCH, N>) {
        let (output, kept) = self.infer(isa, parameters, input);
        for row in 0..BATCH {
            let sample: Vec<f64> = input.row(row).iter().copied().collect();
            let [expected, expected_weights] = parameters.by_hand(Self::HEADS, self.0, &sample);
            output.row(row).iter().zip(expected).for_each(|(value, expected)| close(*value, expected, 1e-13));
            for (head, expected) in expected_weights.chunks(STEPS * STEPS).enumerate() {
                let weights: SMatrix<f64, STEPS, STEPS> = weights(&kept, row, head).expect("it is there");
                weights.transpose().iter().zip(expected).for_each(|(value, expected)| close(*value, *expected, 1e-13));
                weights.column_sum().iter().for_each(|sum| close(*sum, 1.0, 1e-13));
            }
        }
        assert!(weights::<f64, BATCH, WEIGHTS, STEPS, STEPS>(&kept, BATCH, 0).is_none());
        assert!(weights::<f64, BATCH, WEIGHTS, STEPS, STEPS>(&kept, 0, Self::HEADS).is_none());
    }
}

impl<
    const BATCH: usize,
    const STEPS: usize,
    const E: usize,
    const QKV: usize,
    const N: usize,
    const WEIGHTS: usize,
    const CACHE: usize,
    const SCRATCH: usize,
> Kernel for Check<BATCH, STEPS, E, QKV, N, WEIGHTS, CACHE, SCRATCH>
{
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let sizes = sizes(Self::HEADS, STEPS, E, self.0);
        let parameters = Parameters::<QKV, E>::random();
        let (input, weighting) = (fill::<BATCH, N>(5), fill::<BATCH, N>(6));
        self.check_values(isa, &parameters, &input);

        let Parameters { in_weight, in_bias, out_weight, out_bias } = &parameters;
        let mut output = SMatrix::<f64, BATCH, N>::repeat(f64::NAN);
        let mut cache = SMatrix::<f64, BATCH, CACHE>::repeat(f64::NAN);
        let (weight, bias, none) = ([in_weight.as_slice()], [in_bias.as_slice()], [None; 2]);
        forward(
            isa,
            sizes,
            Unrotated,
            Whole,
            weight,
            bias,
            out_weight,
            Some(out_bias),
            none,
            &input,
            &mut output,
            &mut cache,
            None,
        );
        assert_eq!(output, self.infer(isa, &parameters, &input).0);

        let first = 0.25;
        let mut gradient = parameters.clone();
        gradient.all().for_each(|value| *value = first);
        let mut scratch = SMatrix::<f64, BATCH, SCRATCH>::repeat(f64::NAN);
        backward_shared(isa, sizes, Unrotated, out_weight, &mut cache, None, &weighting, &mut scratch);
        let Parameters { in_weight: grad_in, in_bias: grad_in_bias, out_weight: grad_out, out_bias: grad_out_bias } =
            &mut gradient;
        let (grad_in, grad_in_bias) = ([grad_in.as_mut_slice()], [grad_in_bias.as_mut_slice()]);
        let grad_out_bias = Some(grad_out_bias);
        backward_parameters(
            isa,
            sizes,
            none,
            &input,
            &cache,
            &weighting,
            grad_in,
            grad_in_bias,
            grad_out,
            grad_out_bias,
        );
        let mut grad_input = SMatrix::<f64, BATCH, N>::repeat(f64::NAN);
        backward_input(isa, sizes, weight, &cache, &mut grad_input);

        let loss = |parameters: &Parameters<QKV, E>, input: &SMatrix<f64, BATCH, N>| {
            self.infer(isa, parameters, input).0.dot(&weighting)
        };
        for (index, gradient) in gradient.all().enumerate() {
            let expected = central_difference(|change| {
                let mut parameters = parameters.clone();
                parameters.all().skip(index).take(1).for_each(|value| *value += change);
                loss(&parameters, &input)
            });
            close(*gradient - first, expected, 1e-7);
        }
        for index in 0..BATCH * N {
            let expected = central_difference(|change| {
                let mut input = input;
                input[index] += change;
                loss(&parameters, &input)
            });
            close(grad_input[index], expected, 1e-7);
        }
    }
}

/// Those of self-attention.
fn sizes(heads: usize, steps: usize, features: usize, is_causal: bool) -> Sizes {
    Sizes { heads, kv_heads: heads, steps: [steps; 2], features: [features; 3], is_causal, value: 0 }
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
    ($batch:literal, $steps:literal, $e:literal, $heads:literal) => {{
        const WEIGHTS: usize = $heads * $steps * $steps;
        const SCRATCH: usize = $steps * $e + $steps * $steps + $steps * $e / $heads;
        type Size = Check<
            $batch,
            $steps,
            $e,
            { 3 * $e },
            { $steps * $e },
            WEIGHTS,
            { 4 * $steps * $e + WEIGHTS },
            SCRATCH,
        >;
        for is_causal in [false, true] {
            at_each_level::<Size>(|| Check(is_causal));
        }
    }};
}

#[test]
fn single_samples_agree_with_the_equations_and_with_differences_of_the_loss() {
    check!(1, 1, 1, 1);
    check!(1, 1, 6, 2);
    check!(1, 5, 6, 3);
    check!(1, 7, 4, 1);
    check!(1, 19, 10, 1);
}

#[test]
fn batches_agree_with_the_equations_and_with_differences_of_the_loss() {
    check!(2, 3, 1, 1);
    check!(3, 5, 6, 3);
    check!(4, 9, 4, 2);
    check!(5, 2, 9, 1);
    check!(11, 3, 6, 2);
    check!(32, 2, 4, 4);
}

#[test]
fn large_scores_agree_with_the_equations() {
    let parameters = Parameters::<9, 3>::random();
    let Parameters { in_weight, in_bias, out_weight, out_bias } = &parameters;
    let input = fill::<2, 12>(5) * 1e4;
    let (mut output, mut scratch) = (SMatrix::<f64, 2, 12>::zeros(), SMatrix::<f64, 2, 64>::zeros());
    let (weight, bias, sizes) = ([in_weight.as_slice()], [in_bias.as_slice()], sizes(1, 4, 3, false));
    let (out_bias, none) = (Some(out_bias), [None; 2]);
    infer(
        Portable,
        sizes,
        Unrotated,
        Whole,
        weight,
        bias,
        out_weight,
        out_bias,
        none,
        &input,
        &mut output,
        &mut scratch,
        None,
    );
    for row in 0..2 {
        let sample: Vec<f64> = input.row(row).iter().copied().collect();
        let [expected, _] = parameters.by_hand(1, false, &sample);
        output.row(row).iter().zip(expected).for_each(|(value, expected)| close(*value, expected, 1e-12));
    }
}

#[test]
fn starts_as_pytorch_does() {
    let mut parameters = Parameters::<48, 16>::random();
    let Parameters { in_weight, in_bias, out_weight, out_bias } = &mut parameters;
    let (weight, bias) = ([in_weight.as_mut_slice()], [in_bias.as_mut_slice()]);
    init(sizes(2, 3, 16, false), weight, bias, out_weight, Some(out_bias), &mut rng(1));
    let bound = (6.0_f64 / 64.0).sqrt();
    assert!(in_weight.amax() <= bound && in_weight.amax() > 0.98 * bound);
    assert!(out_weight.amax() <= 0.25 && out_weight.amax() > 0.24);
    assert!(in_bias.amax() == 0.0 && out_bias.amax() == 0.0);
}
