//! Every function against a reference of more digits, at both levels of the machine, over the whole range of its type.

mod speed;
mod wide;

use core::marker::PhantomData;
use std::println;
use std::vec::Vec;

use self::wide::Wide;
use super::*;
use crate::kernels::{Kernel, Portable, dispatch};

/// A function under test.
trait Function {
    const NAME: &'static str;
    /// The error that its documentation states, in ulps.
    const STATED: f64;

    fn at<I: Isa, T: Scalar>(isa: I, x: T) -> T;
    /// `std`'s.
    fn std(x: f64) -> f64;
    /// With more digits: the result is `Wide · 2^exponent`.
    fn wide(x: f64) -> (Wide, i32);
}

macro_rules! functions {
    ($($type:ident $name:ident $stated:literal $std:expr;)*) => {$(
        #[derive(Clone, Copy)]
        struct $type;

        impl Function for $type {
            const NAME: &'static str = stringify!($name);
            const STATED: f64 = $stated;

            #[inline(always)]
            fn at<I: Isa, T: Scalar>(isa: I, x: T) -> T {
                $name(isa, x)
            }

            fn std(x: f64) -> f64 {
                ($std)(x)
            }

            fn wide(x: f64) -> (Wide, i32) {
                wide::$name(x)
            }
        }
    )*};
}

functions! {
    Exp exp 0.95 f64::exp;
    Tanh tanh 2.5 f64::tanh;
    Sigmoid sigmoid 2.4 |x: f64| if x < -40.0 { x.exp() } else { 1.0 / (1.0 + (-x).exp()) };
    Softplus softplus 1.7 |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
    ExpM1 exp_m1_nonpositive 1.5 |x: f64| if x > 0.0 { f64::NAN } else { x.exp_m1() };
    Normal normal_cdf 5.8 wide::normal_cdf_of;
    Ln ln 0.85 f64::ln;
    Ln1p ln_1p 0.85 f64::ln_1p;
}

#[inline(always)]
fn normal_cdf<I: Isa, T: Scalar>(isa: I, x: T) -> T {
    let [below, _] = normal(isa, x);
    below
}

/// A function applied to all of a slice.
struct Map<'a, F, T> {
    function: PhantomData<F>,
    inputs: &'a [T],
    outputs: &'a mut [T],
}

impl<F: Function, T: Scalar> Kernel for Map<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) {
        for (input, output) in self.inputs.iter().zip(self.outputs) {
            *output = F::at(isa, *input);
        }
    }
}

/// A kernel at the highest level.
struct Enter<K>(K);

impl<K: Kernel> Kernel for Enter<K> {
    type Output = K::Output;

    fn run<I: Isa>(self, isa: I) -> K::Output {
        isa.call(self.0)
    }
}

fn portable<F: Function, T: Scalar>(_: F, inputs: &[T], outputs: &mut [T]) {
    Portable.call(Map::<F, T> { function: PhantomData, inputs, outputs });
}

fn dispatched<F: Function, T: Scalar>(_: F, inputs: &[T], outputs: &mut [T]) {
    dispatch(Enter(Map::<F, T> { function: PhantomData, inputs, outputs }));
}

fn at_both_levels<F: Function + Copy, T: Scalar>(function: F, inputs: &[T]) -> [Vec<T>; 2] {
    let mut results = [inputs.to_vec(), inputs.to_vec()];
    let [first, second] = &mut results;
    portable(function, inputs, first);
    dispatched(function, inputs, second);
    results
}

/// Calls `$check` with every function.
macro_rules! for_each_function {
    ($check:ident) => {
        $check(Exp);
        $check(Tanh);
        $check(Sigmoid);
        $check(Softplus);
        $check(ExpM1);
        $check(Normal);
        $check(Ln);
        $check(Ln1p);
    };
}

/// 2ⁿ of the unit in the last place of `value`, where the fraction has `fraction_bits` and the exponent ends at `lowest`.
fn ulp_exponent(value: f64, fraction_bits: i32, lowest: i32) -> i32 {
    let exponent = ((value.to_bits() >> 52 & 0x7ff) as i32) - 1023;
    exponent.max(lowest) - fraction_bits
}

/// 2ⁿ, in two factors, as it may be too small for one.
fn scale(value: f64, n: i32) -> f64 {
    value * f64::powi(2.0, n / 2) * f64::powi(2.0, n - n / 2)
}

fn error_single<F: Function>(input: f32, result: f32) -> f64 {
    let expected = F::std(f64::from(input));
    if (expected as f32).is_infinite() {
        return if result.is_infinite() { 0.0 } else { f64::INFINITY };
    }
    scale(f64::from(result) - expected, -ulp_exponent(expected, 23, -126)).abs()
}

fn error_double<F: Function>(input: f64, result: f64) -> f64 {
    let (expected, exponent) = F::wide(input);
    let difference = Wide::from(scale(result, -exponent)) - expected;
    scale(difference.high, -ulp_exponent(expected.high, 52, (-1022_i32).saturating_sub(exponent))).abs()
}

fn check_errors<F: Function + Copy, T: Scalar + core::fmt::LowerExp>(
    function: F,
    inputs: &[T],
    error: impl Fn(T, T) -> f64,
) {
    for (level, results) in ["portable", "dispatched"].iter().zip(at_both_levels(function, inputs)) {
        let (mut worst, mut place) = (0.0, T::ZERO);
        for (&input, &result) in inputs.iter().zip(&results) {
            let error = error(input, result);
            if error.is_nan() || error > worst {
                (worst, place) = (error, input);
            }
        }
        println!("{:9} {level:10} {:>3} bits: {worst:.3} ulp at {place:e}", F::NAME, 8 * size_of::<T>());
        assert!(worst <= F::STATED, "{} {level}: {worst} ulp at {place:e}", F::NAME);
    }
}

/// Numbers of all sizes, and evenly spaced ones where most functions do something.
fn inputs_single() -> Vec<f32> {
    let step = if cfg!(debug_assertions) { 40_009 } else { 1_999 };
    let all = (0..=u32::MAX).step_by(step).map(f32::from_bits).filter(|x| x.is_finite());
    let near = (-1_100_000..1_000_000).step_by(step.div_ceil(400)).map(|i| i as f32 * 1e-4);
    let central = (-2_000_000..2_000_000).step_by(step.div_ceil(400)).map(|i| i as f32 * 1e-6);
    all.chain(near).chain(central).collect()
}

fn inputs_double() -> Vec<f64> {
    let count = if cfg!(debug_assertions) { 3_000 } else { 40_000 };
    let random = |i: u64| crate::network::mix(i);
    let all = (0..count).map(|i| f64::from_bits(random(i))).filter(|x| x.is_finite());
    let unit = |i: u64| (random(i) >> 11) as f64 / (1_u64 << 53) as f64;
    let near = (count..2 * count).map(|i| 1456.0 * unit(i) - 746.0);
    let central = (2 * count..3 * count).map(|i| 4.0 * unit(i) - 2.0);
    all.chain(near).chain(central).collect()
}

/// Where `std` has a number, and one that the error can be measured against.
fn is_measurable<F: Function>(x: f64) -> bool {
    let size = F::std(x).abs();
    size > 0.0 && size < f64::INFINITY
}

fn check_single<F: Function + Copy>(function: F) {
    let inputs: Vec<_> = inputs_single().into_iter().filter(|x| !F::std(f64::from(*x)).is_nan()).collect();
    check_errors(function, &inputs, error_single::<F>);
}

fn check_double<F: Function + Copy>(function: F) {
    let inputs: Vec<_> = inputs_double().into_iter().filter(|x| is_measurable::<F>(*x)).collect();
    check_errors(function, &inputs, error_double::<F>);
}

#[test]
fn errors_in_f32_are_as_stated() {
    for_each_function!(check_single);
}

#[test]
fn errors_in_f64_are_as_stated() {
    for_each_function!(check_double);
}

#[test]
fn sine_and_cosine_are_as_close_as_stated() {
    let (mut single, mut double) = (0.0_f64, 0.0_f64);
    let step = if cfg!(debug_assertions) { 97 } else { 3 };
    for x in (-8_192_000..=8_192_000).step_by(step).map(|i| i as f32 * 1e-3) {
        for isa_free in [sin_cos(Portable, x), dispatch(Enter(SinCos(x)))] {
            let [sin, cos] = isa_free.map(f64::from);
            single = single.max((sin - f64::from(x).sin()).abs()).max((cos - f64::from(x).cos()).abs());
        }
    }
    for x in (-1_000_000..=1_000_000).step_by(step * 100).map(|i| f64::from(i) * 1.000_000_1) {
        for result in [sin_cos(Portable, x), dispatch(Enter(SinCos(x)))] {
            for (result, expected) in result.into_iter().zip(wide::sin_cos(x)) {
                double = double.max((Wide::from(result) - expected).high.abs());
            }
        }
    }
    println!(
        "sin_cos: off by {:.3} · 2^-23, {:.3} · 2^-52",
        single / f64::powi(2.0, -23),
        double / f64::powi(2.0, -52)
    );
    assert!(single < f64::powi(2.0, -23) && double < f64::powi(2.0, -52));
    assert!(sin_cos(Portable, f64::INFINITY).iter().all(|value| value.is_nan()));
    assert!(sin_cos(Portable, f32::NAN).iter().all(|value| value.is_nan()));
}

struct SinCos<T>(T);

impl<T: Scalar> Kernel for SinCos<T> {
    type Output = [T; 2];

    #[inline(always)]
    fn run<I: Isa>(self, isa: I) -> [T; 2] {
        sin_cos(isa, self.0)
    }
}

/// The function of numbers where rounding plays no part: `(input, output)`, signs of zero and NaN included.
fn check_special<F: Function + Copy>(function: F, expected: &[(f64, f64)]) {
    let inputs: Vec<f64> = expected.iter().map(|pair| pair.0).collect();
    let singles: Vec<f32> = inputs.iter().map(|&x| x as f32).collect();
    let doubles = at_both_levels(function, &inputs);
    let singles = at_both_levels(function, &singles).map(|results| results.into_iter().map(f64::from).collect());
    for results in doubles.iter().chain(&singles) {
        for (&result, &(input, expected)) in results.iter().zip(expected) {
            let is_same = result.to_bits() == expected.to_bits() || (result.is_nan() && expected.is_nan());
            assert!(is_same, "{}({input}) = {result}, not {expected}", F::NAME);
        }
    }
}

#[test]
fn special_values_are_as_in_std() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    check_special(Exp, &[(0.0, 1.0), (-0.0, 1.0), (INF, INF), (-INF, 0.0), (NAN, NAN), (711.0, INF), (-746.0, 0.0)]);
    check_special(Tanh, &[(0.0, 0.0), (-0.0, -0.0), (INF, 1.0), (-INF, -1.0), (NAN, NAN), (50.0, 1.0), (-50.0, -1.0)]);
    check_special(
        Sigmoid,
        &[(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN), (800.0, 1.0), (-800.0, 0.0)],
    );
    check_special(Softplus, &[(INF, INF), (-INF, 0.0), (NAN, NAN), (800.0, 800.0), (-800.0, 0.0)]);
    check_special(ExpM1, &[(0.0, 0.0), (-0.0, 0.0), (-INF, -1.0), (NAN, NAN), (-60.0, -1.0)]);
    check_special(Normal, &[(0.0, 0.5), (-0.0, 0.5), (INF, 1.0), (-INF, 0.0), (NAN, NAN), (50.0, 1.0), (-50.0, 0.0)]);
    check_special(Ln, &[(1.0, 0.0), (0.0, -INF), (-0.0, -INF), (-1.0, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)]);
    check_special(Ln1p, &[(0.0, 0.0), (-0.0, -0.0), (-1.0, -INF), (-1.5, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)]);
}

#[test]
fn results_become_subnormal_before_they_become_zero() {
    let single = [exp(Portable, -103.0_f32), sigmoid(Portable, -103.0_f32), tanh(Portable, 1e-45_f32)];
    assert_eq!(single.map(f32::to_bits), [1, 1, 1]);
    assert_eq!(exp(Portable, -745.0_f64).to_bits(), 1);
    assert_eq!(ln(Portable, f32::from_bits(1)).to_bits(), ((-149.0 * core::f64::consts::LN_2) as f32).to_bits());
    assert_eq!(ln(Portable, f64::from_bits(1)).to_bits(), (-1074.0 * core::f64::consts::LN_2).to_bits());
}

/// A digest of the bits of the results.
fn digest<T: Scalar + Into<f64>>(function: impl Fn(T) -> T, inputs: impl Iterator<Item = f64>) -> u64 {
    let results = inputs.map(|x| function(T::from_f64(x)).into().to_bits());
    results.fold(0, |digest, bits| crate::network::mix(digest ^ bits))
}

#[test]
fn the_portable_level_gives_the_same_bits_on_every_machine() {
    let all = || (-500..500).map(|i| f64::from(i) * 0.037);
    let positive = || (1..1000).map(|i| f64::from(i) * 0.037);
    let single = [
        digest(|x: f32| exp(Portable, x), all()),
        digest(|x: f32| tanh(Portable, x), all()),
        digest(|x: f32| sigmoid(Portable, x), all()),
        digest(|x: f32| ln(Portable, x), positive()),
    ];
    let double = [
        digest(|x: f64| exp(Portable, x), all()),
        digest(|x: f64| tanh(Portable, x), all()),
        digest(|x: f64| sigmoid(Portable, x), all()),
        digest(|x: f64| ln(Portable, x), positive()),
    ];
    assert_eq!(single, [0xe095_b285_e15f_5709, 0x9b5b_99e8_3839_8da9, 0x16a7_dac8_7937_56c3, 0x4179_2f1b_c226_f128]);
    assert_eq!(double, [0xdf74_9ae7_78b9_4112, 0x86e4_51f0_10ea_9bd1, 0x9888_8a51_79c4_a2fb, 0x2720_c8d0_2e42_3ecf]);
}
