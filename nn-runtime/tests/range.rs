//! Every elementwise activation over the whole range of its type: all exponents, both signs, subnormal numbers, infinities and
//! NaN, forward and backward, at both levels of the machine, against PyTorch's formulas in `f64`.
//!
//! An output, and a derivative that is computed from the input, has a small relative error everywhere. A derivative that is
//! computed from the output, as PyTorch's are, has a small error beside the slope: the output says no more. At infinities the
//! result is PyTorch's, which is NaN where the formula there is `∞ · 0`. NaN stays NaN and the derivative there is 0 only where `relu` stops the gradient, or a slope of 0 is an option.

#![expect(clippy::float_cmp, reason = "infinities, zeros and exact results are compared")]

use nalgebra::SMatrix;
use nn_runtime::kernels::{Isa, Kernel, Portable, dispatch};
use nn_runtime::layers::{
    abs, elu, exp, gelu, hard_sigmoid, hard_swish, hard_tanh, leaky_relu, log, mish, relu, relu6, selu, sigmoid, silu,
    softplus, softsign, sqrt, square, tanh,
};
use nn_runtime::scalar::Scalar;

/// As many values as a layer gets at once.
const COUNT: usize = 67;

type Values<T> = SMatrix<T, 1, COUNT>;

/// What the formulas give in `f64`.
struct Expected {
    output: f64,
    derivative: f64,
    /// The size of the terms of the derivative, which its error is measured against.
    size: f64,
    /// What a factor is multiplied by that may round to a subnormal number; the input is another.
    factor: f64,
    /// The error that is allowed, as a multiple of that of the others.
    errors: f64,
}

/// A derivative of this size.
fn exact(output: f64, derivative: f64) -> Expected {
    Expected { output, derivative, size: derivative.abs(), factor: 1.0, errors: 1.0 }
}

/// A derivative of terms that may cancel each other.
fn terms<const N: usize>(output: f64, terms: [f64; N]) -> Expected {
    Expected {
        output,
        derivative: terms.iter().sum(),
        size: terms.iter().map(|term| term.abs()).sum(),
        factor: 1.0,
        errors: 1.0,
    }
}

/// A derivative computed from the output, beside this slope; NaN if the output is.
fn of_output(output: f64, derivative: f64, slope: f64) -> Expected {
    let derivative = if output.is_nan() { f64::NAN } else { derivative };
    Expected { output, derivative, size: slope, factor: 1.0, errors: 1.0 }
}

/// A function of straight lines: its value, and its slope. At NaN the slope is that of the line that is not constant.
fn line(output: f64, slope: f64) -> Expected {
    exact(output, slope)
}

fn logistic(x: f64) -> f64 {
    let small = (-x.abs()).exp();
    (if x < 0.0 { small } else { 1.0 }) / (1.0 + small)
}

fn density(x: f64) -> f64 {
    (-0.5 * x * x).exp() * 0.398_942_280_401_432_7
}

/// The normal distribution: its series, or far below 0 its continued fraction.
fn below(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x > 3.0 {
        1.0 - below(-x)
    } else if x < -3.0 {
        if x < -40.0 {
            return 0.0;
        }
        density(x) / (1..200).rev().fold(-x, |fraction, k| -x + f64::from(k) / fraction)
    } else {
        let (mut term, mut sum) = (x, x);
        for k in 1..80 {
            term *= x * x / f64::from(2 * k + 1);
            sum += term;
        }
        0.5 + density(x) * sum
    }
}

/// `tanh(softplus(x))` and the derivative of it.
fn mish_gate(x: f64) -> [f64; 2] {
    let w = (-x.abs()).exp();
    // n / (n + 2) with n = e²ˣ + 2 eˣ, times e⁻²ˣ on both sides where x is positive
    let [n, rest] = if x < 0.0 { [w * w + 2.0 * w, 2.0] } else { [1.0 + 2.0 * w, 2.0 * w * w] };
    let slope = if x < 0.0 { w * (1.0 + w) } else { w * w * (1.0 + w) };
    [n / (n + rest), 4.0 * slope / ((n + rest) * (n + rest))]
}

fn elu_of(alpha: f64, scale: f64) -> impl Fn(f64) -> Expected {
    move |x| {
        if x > 0.0 {
            of_output(scale * x, scale, scale)
        } else {
            of_output(scale * alpha * x.exp_m1(), scale * alpha * x.exp(), scale * alpha)
        }
    }
}

fn softplus_of<T: Scalar>(beta: f64, threshold: f64) -> impl Fn(f64) -> Expected {
    move |x| {
        let scaled = (T::from_f64(beta) * T::from_f64(x)).to_f64();
        if scaled > T::from_f64(threshold).to_f64() {
            return line(x, 1.0);
        }
        let output = (-scaled.abs()).exp().ln_1p() / beta + if x < 0.0 { 0.0 } else { x };
        Expected { factor: 1.0 + 1.0 / beta, ..exact(output, logistic(scaled)) }
    }
}

fn clamp_of(least: f64, most: f64) -> impl Fn(f64) -> Expected {
    move |x| line(x.clamp(least, most), f64::from(!(x <= least || x >= most)))
}

fn leaky_of(slope: f64) -> impl Fn(f64) -> Expected {
    move |x| if x > 0.0 { line(x, 1.0) } else { line(x * slope, slope) }
}

fn gelu_tanh(x: f64) -> Expected {
    const SLOPE: f64 = 1.595_769_121_605_730_8;
    const CUBIC: f64 = 0.044_715;
    // from here on s is 0 or 1
    let near = x.clamp(-30.0, 30.0);
    let s = logistic(SLOPE * (near + CUBIC * near * near * near));
    let slope = SLOPE * (1.0 + 3.0 * CUBIC * near * near);
    let expected = terms(x * s, [s, x * (s * logistic(-SLOPE * (near + CUBIC * near * near * near)) * slope)]);
    // in the tail, the rounding of the exponent is a multiple of that of the output
    Expected { errors: 2.0, factor: near.abs() * slope, ..expected }
}

/// All exponents with a few fractions and both signs, a close grid where the exponentials are of ordinary size, and what is
/// no finite number.
fn inputs<T: Scalar>() -> Vec<T> {
    let (lowest, highest, edge) = if T::FRACTION_BITS < 30 { (-149, 127, 120.0) } else { (-1074, 1023, 800.0) };
    let sizes = (lowest..=highest).flat_map(|exponent: i32| {
        // in two factors: the power itself may be no normal number
        let power = [exponent / 2, exponent - exponent / 2].map(|half| 2_f64.powi(half));
        [1.0, 1.376_543, 1.999_999].map(|fraction| power[0] * fraction * power[1])
    });
    let grid = (0..6000).map(|i| f64::from(i) * edge / 6000.0).chain((0..2000).map(|i| f64::from(i) * 0.005));
    let others = [0.0, f64::INFINITY, f64::NAN];
    let all = sizes.chain(grid).chain(others).flat_map(|size| [size, -size]);
    all.map(T::from_f64).filter(|x| x.abs() < T::from_f64(f64::INFINITY) || !x.to_f64().is_finite()).collect()
}

/// What went wrong with one function.
fn compare<T: Scalar>(
    name: &str,
    forward: impl Fn(&mut Values<T>),
    backward: impl Fn(&Values<T>, &Values<T>, &mut Values<T>),
    expected: impl Fn(f64) -> Expected,
    wrong: &mut Vec<String>,
) {
    let relative = if T::FRACTION_BITS < 30 { 1e-5 } else { 1e-12 };
    let smallest = if T::FRACTION_BITS < 30 { f64::from(f32::from_bits(1)) } else { f64::from_bits(1) };
    let mut first = [true; 2];
    for inputs in inputs::<T>().chunks(COUNT) {
        let input = Values::from_fn(|_, i| inputs.get(i).copied().unwrap_or(T::ONE));
        let mut output = input;
        forward(&mut output);
        let mut grad = Values::from_fn(|_, _| T::ONE);
        backward(&input, &output, &mut grad);
        for ((input, output), grad) in input.iter().zip(&output).zip(&grad) {
            let x = input.to_f64();
            let Expected { output: expected, derivative, size, factor, errors } = expected(x);
            let floor = 2.0 * smallest * factor.max(x.abs().min(1000.0));
            let rows = [("output", output, expected, expected.abs()), ("derivative", grad, derivative, size)];
            for ((what, actual, expected, size), first) in rows.into_iter().zip(&mut first) {
                let (actual, rounded) = (actual.to_f64(), T::from_f64(expected).to_f64());
                let is_right = if x.is_nan() {
                    actual.is_nan() || what == "derivative" && (actual != 0.0 || expected == 0.0)
                } else if rounded.is_nan() {
                    actual.is_nan()
                } else {
                    actual == rounded || (actual - expected).abs() <= errors * relative * size + floor
                };
                if !is_right && *first {
                    *first = false;
                    wrong.push(format!("{name}: at {x:e} the {what} is {actual:e}, not {expected:e}"));
                }
            }
        }
    }
}

/// All activations, each with options of every kind.
struct Sweep<'a, T>(&'a mut Vec<String>, std::marker::PhantomData<T>);

impl<T: Scalar> Kernel for Sweep<'_, T> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        macro_rules! sweep {
            ($($name:ident($($option:expr),*) at $at:ident: $expected:expr;)*) => {$(
                compare::<T>(
                    concat!(stringify!($name), "(", $(stringify!($option), ", ",)* ")"),
                    |value| $name::forward(isa, $($option,)* value),
                    |input, output, grad| {
                        let (_input, _output) = (input, output);
                        $name::backward_input(isa, $($option,)* sweep!(@$at _input _output), grad);
                    },
                    $expected,
                    self.0,
                );
            )*};
            (@input $input:ident $output:ident) => { $input };
            (@output $input:ident $output:ident) => { $output };
        }
        sweep! {
            relu() at output: |x: f64| line(if x < 0.0 { 0.0 } else { x }, f64::from(x > 0.0));
            relu6() at output: clamp_of(0.0, 6.0);
            hard_tanh(-1.0, 1.0) at output: clamp_of(-1.0, 1.0);
            hard_tanh(-2.0, 1e30) at output: clamp_of(-2.0, 1e30);
            leaky_relu(0.01) at output: leaky_of(0.01);
            leaky_relu(0.0) at output: leaky_of(0.0);
            leaky_relu(3.0) at output: leaky_of(3.0);
            leaky_relu(-0.5) at input: leaky_of(-0.5);
            hard_sigmoid() at output: |x: f64| line((x + 3.0).clamp(0.0, 6.0) / 6.0, f64::from(!(x <= -3.0 || x >= 3.0)) / 6.0);
            hard_swish() at input: |x: f64| {
                let output = x * ((x + 3.0).clamp(0.0, 6.0) / 6.0);
                if x <= -3.0 { line(output, 0.0) } else if x < 3.0 { terms(output, [x / 3.0, 0.5]) } else { line(output, 1.0) }
            };
            elu(1.0) at output: elu_of(1.0, 1.0);
            elu(0.0) at output: elu_of(0.0, 1.0);
            elu(3.5) at output: elu_of(3.5, 1.0);
            selu() at output: elu_of(1.673_263_242_354_377_2, 1.050_700_987_355_480_5);
            softsign() at output: |x: f64| of_output(x / (1.0 + x.abs()), (1.0 + x.abs()).powi(-2), 1.0);
            sigmoid() at output: |x: f64| of_output(logistic(x), logistic(x) * logistic(-x), logistic(x));
            tanh() at output: |x: f64| of_output(x.tanh(), 4.0 * logistic(2.0 * x) * logistic(-2.0 * x), 1.0);
            silu() at input: |x: f64| {
                let s = logistic(x);
                terms(x * s, [s, x * s * logistic(-x)])
            };
            mish() at input: |x: f64| {
                let [gate, slope] = mish_gate(x);
                terms(x * gate, [gate, x * slope])
            };
            gelu(gelu::Approximate::None) at input: |x: f64| terms(x * below(x), [below(x), x * density(x)]);
            gelu(gelu::Approximate::Tanh) at input: gelu_tanh;
            square() at input: |x: f64| exact(x * x, 2.0 * x);
            sqrt() at output: |x: f64| exact(x.sqrt(), 0.5 / x.sqrt());
            abs() at input: |x: f64| line(x.abs(), f64::from(i8::from(x > 0.0) - i8::from(x < 0.0)));
            exp() at output: |x: f64| exact(x.exp(), x.exp());
            log() at input: |x: f64| exact(x.ln(), 1.0 / x);
            softplus(1.0, 20.0) at input: softplus_of::<T>(1.0, 20.0);
            softplus(0.5, -3.0) at input: softplus_of::<T>(0.5, -3.0);
            softplus(4.0, 1e300) at input: softplus_of::<T>(4.0, 1e300);
            softplus(1e30, 20.0) at input: softplus_of::<T>(1e30, 20.0);
            softplus(1e-30, 20.0) at input: softplus_of::<T>(1e-30, 20.0);
        }
    }
}

fn sweep<T: Scalar>() {
    let mut wrong = Vec::new();
    Sweep::<T>(&mut wrong, std::marker::PhantomData).run(Portable);
    let portable = wrong.len();
    dispatch(Sweep::<T>(&mut wrong, std::marker::PhantomData));
    assert!(wrong.is_empty(), "{portable} at the portable level:\n{}", wrong.join("\n"));
}

#[test]
fn activations_are_right_everywhere_in_single_precision() {
    sweep::<f32>();
}

#[test]
fn activations_are_right_everywhere_in_double_precision() {
    sweep::<f64>();
}
