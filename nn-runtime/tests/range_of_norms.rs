//! Normalisation over the whole range of both types, forward and backward, at both levels of the machine: values from subnormal
//! numbers to the largest, whose squares leave the range, with an ordinary `eps` and with 0.
//!
//! The values are small whole numbers times a power of two, so that the formulas can be computed in `f64` from the small numbers:
//! the output of `x · 2ⁿ` with `eps` is that of `x` with `eps · 2⁻²ⁿ`, and its gradient is 2⁻ⁿ times as large.

#![expect(clippy::float_cmp, reason = "infinities, zeros and exact results are compared")]

use std::marker::PhantomData;

use nalgebra::{SMatrix, SVector};
use nn_runtime::Pass;
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::layers::{batch_norm1d, group_norm, layer_norm, rms_norm};
use nn_runtime::scalar::Scalar;

/// The values of a sample: two groups of six, or four channels of three.
const N: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Norm {
    Layer,
    Rms,
    Group,
    Batch,
}

/// Some values that are normalised together, by the formulas in `f64`.
struct Reference {
    norm: Vec<f64>,
    grad_input: Vec<f64>,
}

impl Reference {
    fn new(values: &[f64], grad_norm: &[f64], is_centred: bool, eps: f64) -> Self {
        let mean_of = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let mean = if is_centred { mean_of(values) } else { 0.0 };
        let var = mean_of(&values.iter().map(|value| (value - mean).powi(2)).collect::<Vec<_>>());
        let rstd = if var + eps == 0.0 { 0.0 } else { 1.0 / (var + eps).sqrt() };
        let norm: Vec<_> = values.iter().map(|value| (value - mean) * rstd).collect();
        let products: Vec<_> = norm.iter().zip(grad_norm).map(|(norm, grad)| norm * grad).collect();
        let through_mean = if is_centred { mean_of(grad_norm) } else { 0.0 };
        let through_rstd = mean_of(&products);
        let gradients = grad_norm.iter().zip(&norm);
        let grad_input = gradients.map(|(grad, norm)| rstd * (grad - through_mean - norm * through_rstd)).collect();
        Self { norm, grad_input }
    }
}

/// `value · 2^exponent`, in two steps: the power may be no normal number.
fn times_power(value: f64, exponent: i32) -> f64 {
    value * 2_f64.powi(exponent / 2) * 2_f64.powi(exponent - exponent / 2)
}

#[derive(Debug)]
struct Case {
    norm: Norm,
    eps: f64,
    /// Of the samples, one after the other; of batch normalisation, of the channels.
    exponents: [i32; 3],
}

struct Check<'a, T, const BATCH: usize>(&'a Case, PhantomData<T>);

impl<T: Scalar, const BATCH: usize> Check<'_, T, BATCH> {
    fn exponent(&self, row: usize, column: usize) -> i32 {
        let index = if self.0.norm == Norm::Batch { column / 3 } else { row };
        self.0.exponents[index % 3]
    }

    fn weight(&self, column: usize) -> usize {
        if matches!(self.0.norm, Norm::Layer | Norm::Rms) { column % 6 } else { column / 3 }
    }

    /// The places that are normalised together with the first of them.
    fn groups(&self) -> Vec<Vec<(usize, usize)>> {
        if self.0.norm == Norm::Batch {
            let channel =
                |channel: usize| (0..BATCH).flat_map(move |row| (0..3).map(move |i| (row, channel * 3 + i))).collect();
            return (0..4).map(channel).collect();
        }
        let group = |i: usize| (0..6).map(|column| (i / 2, i % 2 * 6 + column)).collect();
        (0..2 * BATCH).map(group).collect()
    }

    #[track_caller]
    fn close(&self, what: &str, actual: impl Iterator<Item = T>, expected: impl Iterator<Item = f64>) {
        let (tolerance, smallest) =
            if T::FRACTION_BITS < 30 { (2e-6, f64::from(f32::from_bits(1))) } else { (1e-12, f64::from_bits(1)) };
        let (actual, expected): (Vec<_>, Vec<_>) =
            (actual.map(T::to_f64).collect(), expected.map(|value| T::from_f64(value).to_f64()).collect());
        // a subnormal mean is rounded, then divided by the root of `eps`
        let floor = 1000.0 * smallest;
        let largest = expected.iter().map(|value| value.abs()).filter(|size| size.is_finite()).fold(0.0, f64::max);
        for (actual_value, expected_value) in actual.iter().zip(&expected) {
            let is_close =
                actual_value == expected_value || (actual_value - expected_value).abs() <= tolerance * largest + floor;
            assert!(is_close, "{:?}, {what}: {actual:?} is not {expected:?}", self.0);
        }
    }
}

/// Small whole numbers, odd ones so that no group is symmetric.
fn number(row: usize, column: usize) -> f64 {
    ((row * 5 + column * column * 3 + column) % 7) as f64 - 2.0
}

impl<T: Scalar, const BATCH: usize> Kernel for Check<'_, T, BATCH> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        let Case { norm, eps, .. } = *self.0;
        let input = SMatrix::<T, BATCH, N>::from_fn(|row, column| {
            T::from_f64(times_power(number(row, column), self.exponent(row, column)))
        });
        let grad_output =
            SMatrix::<f64, BATCH, N>::from_fn(|row, column| ((row * 3 + column * 5) % 11) as f64 / 4.0 - 1.0);
        let (weights, biases) = ([0.5, -1.25, 2.0, 1.0, 0.75, -0.5], [0.25, 0.0, -0.5, 1.0, 0.125, 0.0]);
        let bias = |index: usize| if norm == Norm::Rms { 0.0 } else { biases[index] };

        let (mut output, mut inferred) = (SMatrix::<T, BATCH, N>::from([[T::ONE; BATCH]; N]), input);
        let (mut grad_weight, mut grad_bias) = ([T::ZERO; 6], [T::ZERO; 6]);
        let mut grad_input = input;
        let grad = grad_output.map(T::from_f64);
        macro_rules! passes {
            ($layer:ident($($option:expr),*) of $c:literal, $($bias:ident)?) => {{
                let [weight, bias] = [weights, biases].map(|all| SVector::<T, $c>::from_fn(|i, _| T::from_f64(all[i])));
                let [mut of_weight, mut of_bias] = [SVector::<T, $c>::from([[T::ZERO; $c]; 1]); 2];
                let (_bias, _of_bias) = (&bias, &mut of_bias);
                passes!(@$layer ($($option),*) weight _bias of_weight _of_bias);
                for (all, part) in [(&mut grad_weight, &of_weight), (&mut grad_bias, &of_bias)] {
                    all.iter_mut().zip(part.iter()).for_each(|(all, part)| *all = *part);
                }
            }};
            (@layer_norm ($eps:expr) $weight:ident $bias:ident $of_weight:ident $of_bias:ident) => {
                let mut cache = SMatrix::<T, BATCH, 4>::from([[T::ONE; BATCH]; 4]);
                layer_norm::forward(isa, $eps, &$weight, $bias, &input, &mut output, &mut cache);
                layer_norm::infer(isa, $eps, &$weight, $bias, &input, &mut inferred);
                layer_norm::backward_parameters(isa, &input, &cache, &grad, &mut $of_weight, $of_bias);
                layer_norm::backward_input(isa, &$weight, &cache, &grad, &mut grad_input);
            };
            (@group_norm ($eps:expr) $weight:ident $bias:ident $of_weight:ident $of_bias:ident) => {
                let mut cache = SMatrix::<T, BATCH, 4>::from([[T::ONE; BATCH]; 4]);
                group_norm::forward(isa, 2, $eps, &$weight, $bias, &input, &mut output, &mut cache);
                group_norm::infer(isa, 2, $eps, &$weight, $bias, &input, &mut inferred);
                group_norm::backward_parameters(isa, 2, &input, &cache, &grad, &mut $of_weight, $of_bias);
                group_norm::backward_input(isa, 2, &$weight, &cache, &grad, &mut grad_input);
            };
            (@rms_norm ($eps:expr) $weight:ident $bias:ident $of_weight:ident $of_bias:ident) => {
                let mut cache = SMatrix::<T, BATCH, 2>::from([[T::ONE; BATCH]; 2]);
                rms_norm::forward(isa, Some($eps), &$weight, &input, &mut output, &mut cache);
                rms_norm::infer(isa, Some($eps), &$weight, &input, &mut inferred);
                rms_norm::backward_parameters(isa, &input, &cache, &grad, &mut $of_weight);
                rms_norm::backward_input(isa, &$weight, &cache, &grad, &mut grad_input);
            };
            (@batch_norm1d ($eps:expr) $weight:ident $bias:ident $of_weight:ident $of_bias:ident) => {
                let pass = Pass::training(0, BATCH as u32);
                let running = SVector::<T, 4>::from([[T::ONE; 4]; 1]);
                let [mut of_mean, mut of_var] = [running; 2];
                let mut cache = SMatrix::<T, 4, 2>::from([[T::ONE; 4]; 2]);
                batch_norm1d::forward(isa, $eps, &$weight, $bias, &running, &running, &input, &mut output, &mut cache, pass);
                inferred = output;
                batch_norm1d::backward_parameters(
                    isa, $eps, 0.5, &running, &running, &input, &cache, &grad, &mut $of_weight, $of_bias, &mut of_mean, &mut of_var, pass,
                );
                batch_norm1d::backward_input(isa, $eps, &$weight, &running, &running, &cache, &grad, &mut grad_input, pass);
                assert!(of_mean.iter().all(|mean| mean.to_f64().is_finite()), "{:?}: {of_mean}", self.0);
            };
        }
        match norm {
            Norm::Layer => passes!(layer_norm(eps) of 6, bias),
            Norm::Rms => passes!(rms_norm(eps) of 6,),
            Norm::Group => passes!(group_norm(eps) of 4, bias),
            Norm::Batch => passes!(batch_norm1d(eps) of 4, bias),
        }

        let (mut expected_weight, mut expected_bias) = ([0.0; 6], [0.0; 6]);
        for group in self.groups() {
            let all = |value: &dyn Fn(usize, usize) -> f64| {
                group.iter().map(|(row, column)| value(*row, *column)).collect::<Vec<_>>()
            };
            let exponent = self.exponent(group[0].0, group[0].1);
            // values that are small beside `eps` are taken as they are
            let own = if eps > 0.0 && exponent < 0 { exponent } else { 0 };
            let exponent = exponent - own;
            let scaled_eps = times_power(times_power(T::from_f64(eps).to_f64(), -exponent), -exponent);
            let grad_norm = all(&|row, column| grad_output[(row, column)] * weights[self.weight(column)]);
            let reference = Reference::new(
                &all(&|row, column| times_power(number(row, column), own)),
                &grad_norm,
                norm != Norm::Rms,
                scaled_eps,
            );
            let outputs = group.iter().zip(&reference.norm).map(|((_, column), norm)| {
                let weight = self.weight(*column);
                norm * weights[weight] + bias(weight)
            });
            self.close("output", group.iter().map(|place| output[*place]), outputs.clone());
            self.close("inferred", group.iter().map(|place| inferred[*place]), outputs);
            let gradients = reference.grad_input.iter().map(|grad| times_power(*grad, -exponent));
            self.close("grad_input", group.iter().map(|place| grad_input[*place]), gradients);
            for ((row, column), norm) in group.iter().zip(&reference.norm) {
                expected_weight[self.weight(*column)] += grad_output[(*row, *column)] * norm;
                expected_bias[self.weight(*column)] += grad_output[(*row, *column)];
            }
        }
        self.close("grad_weight", grad_weight.into_iter(), expected_weight.into_iter());
        if norm != Norm::Rms {
            self.close("grad_bias", grad_bias.into_iter(), expected_bias.into_iter());
        }
    }
}

fn check<T: Scalar, const BATCH: usize>(case: &Case) {
    Check::<T, BATCH>(case, PhantomData).run(Portable);
    dispatch(Check::<T, BATCH>(case, PhantomData));
}

fn sweep<T: Scalar>() {
    let (least, most) = if T::FRACTION_BITS < 30 { (-149, 125) } else { (-1074, 1021) };
    for norm in [Norm::Layer, Norm::Rms, Norm::Group, Norm::Batch] {
        for eps in [1e-5, 0.0] {
            for exponent in least..=most {
                // alone, beside ordinary samples, and beside the other end of the range
                let case = Case { norm, eps, exponents: [exponent, 1, least + most - exponent] };
                check::<T, 1>(&case);
                check::<T, 3>(&case);
                if exponent % 8 == 0 {
                    check::<T, 21>(&case);
                }
            }
        }
    }
}

#[test]
fn norms_are_right_everywhere_in_single_precision() {
    sweep::<f32>();
}

#[test]
fn norms_are_right_everywhere_in_double_precision() {
    sweep::<f64>();
}

/// Constant values have no variance: without `eps`, too, what is normalised is 0, and so are gradients.
#[test]
fn constant_values_are_normalised_to_zero() {
    fn check<T: Scalar>(value: f64, eps: f64) {
        let input = SMatrix::<T, 2, 7>::from([[T::from_f64(value); 2]; 7]);
        let [weight, bias] = [2.0, 0.5].map(|value| SVector::<T, 7>::from([[T::from_f64(value); 7]]));
        let (mut output, mut cache) = (input, SMatrix::<T, 2, 2>::from([[T::ONE; 2]; 2]));
        layer_norm::forward(Portable, eps, &weight, &bias, &input, &mut output, &mut cache);
        assert!(output.iter().all(|value| value.to_f64() == 0.5), "{value:e}: {output}");
        let (grad, mut grad_input) = (SMatrix::<T, 2, 7>::from([[T::ONE; 2]; 7]), input);
        layer_norm::backward_input(Portable, &weight, &cache, &grad, &mut grad_input);
        assert!(grad_input.iter().all(|value| value.abs() < T::from_f64(1e-3)), "{value:e}: {grad_input}");
        let (mut grad_weight, mut grad_bias) = (weight, bias);
        layer_norm::backward_parameters(Portable, &input, &cache, &grad, &mut grad_weight, &mut grad_bias);
        assert_eq!((grad_weight[0].to_f64(), grad_bias[0].to_f64()), (2.0, 2.5));
    }
    for eps in [1e-5, 0.0] {
        for value in [0.0, 0.1, -1e-30, 1e20, 3e38] {
            check::<f32>(value, eps);
            check::<f64>(value, eps);
        }
        check::<f64>(1e308, eps);
    }
}

/// Running statistics of a channel that never varied, and no `eps`.
#[test]
fn a_running_variance_of_zero_gives_the_bias() {
    let [zeros, ones] = [0.0, 1.0].map(SVector::<f32, 1>::repeat);
    let input = SMatrix::<f32, 2, 1>::new(0.0, 3.0);
    let mut output = input;
    batch_norm1d::infer(Portable, 0.0, &ones, &ones, &zeros, &zeros, &input, &mut output);
    assert_eq!(output.as_slice(), [1.0, 1.0]);
}

/// A NaN or an infinity is not hidden, and reaches no other sample.
#[test]
fn what_is_not_finite_stays_in_its_sample() {
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let mut input = SMatrix::<f32, 3, 6>::from_fn(|row, column| number(row, column) as f32);
        input[(1, 2)] = wrong;
        let (weight, bias) = (SVector::<f32, 6>::repeat(1.0), SVector::<f32, 6>::zeros());
        let (mut layer, mut rms) = (input, input);
        layer_norm::infer(Portable, 1e-5, &weight, &bias, &input, &mut layer);
        rms_norm::infer(Portable, None, &weight, &input, &mut rms);
        for (row, column) in (0..3).flat_map(|row| (0..6).map(move |column| (row, column))) {
            assert_eq!(layer[(row, column)].is_nan(), row == 1);
            // PyTorch's: the finite values over infinity are 0
            assert_eq!(rms[(row, column)].is_nan(), row == 1 && (column == 2 || wrong.is_nan()));
        }
    }
}
