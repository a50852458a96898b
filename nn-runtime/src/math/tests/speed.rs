//! Nanoseconds per element, next to `std`'s.

use core::hint::black_box;
use std::println;
use std::time::Instant;

use super::{Exp, ExpM1, Function, Ln, Ln1p, Normal, Sigmoid, Softplus, Tanh, dispatched, portable};
use crate::kernels::{Isa, Kernel, dispatch};
use crate::scalar::Scalar;

const LENGTH: usize = 512;

/// The shortest of many rounds, in nanoseconds per element.
fn nanoseconds<T>(mut work: impl FnMut(&[T], &mut [T]), inputs: &[T; LENGTH], outputs: &mut [T; LENGTH]) -> f64 {
    const REPETITIONS: usize = if cfg!(debug_assertions) { 1 } else { 40 };
    let mut shortest = f64::INFINITY;
    for _ in 0..if cfg!(debug_assertions) { 2 } else { 200 } {
        let start = Instant::now();
        for _ in 0..REPETITIONS {
            work(black_box(inputs), black_box(outputs));
        }
        shortest = shortest.min(start.elapsed().as_secs_f64());
    }
    shortest * 1e9 / (REPETITIONS * LENGTH) as f64
}

/// How many times as fast as `std` the function is at the highest level.
fn gain<F: Function + Copy, T: Scalar>(function: F, std: impl Fn(T) -> T) -> f64 {
    let inputs = core::array::from_fn(|i| {
        T::from_f64((i as f64 * 0.618_034).fract() * 8.0 - if F::NAME.starts_with("ln") { 0.0 } else { 4.0 })
    });
    let mut outputs = [T::ZERO; LENGTH];
    let of_std = |inputs: &[T], outputs: &mut [T]| {
        for (input, output) in inputs.iter().zip(outputs) {
            *output = std(*input);
        }
    };
    let of_std = nanoseconds(of_std, &inputs, &mut outputs);
    let portable = nanoseconds(|inputs, outputs| portable(function, inputs, outputs), &inputs, &mut outputs);
    let dispatched = nanoseconds(|inputs, outputs| dispatched(function, inputs, outputs), &inputs, &mut outputs);
    let bits = 8 * size_of::<T>();
    println!("{:9} {bits} bits: portable {portable:.2}, dispatched {dispatched:.2}, std {of_std:.2} ns", F::NAME);
    of_std / dispatched
}

/// Whether the highest level has fused multiply-add, as AVX2 has.
struct HasFma;

impl Kernel for HasFma {
    type Output = bool;

    fn run<I: Isa>(self, _isa: I) -> bool {
        I::FMA
    }
}

#[test]
fn elementary_functions_are_vectorised() {
    let of_tanh = gain(Tanh, f32::tanh);
    gain(Exp, f32::exp);
    gain(Sigmoid, |x: f32| 1.0 / (1.0 + (-x).exp()));
    gain(Softplus, |x: f32| x.max(0.0) + (-x.abs()).exp().ln_1p());
    gain(Ln, f32::ln);
    gain(Ln1p, f32::ln_1p);
    gain(ExpM1, f32::exp_m1);
    gain(Normal, f32::exp);
    gain(Tanh, f64::tanh);
    gain(Exp, f64::exp);
    gain(Sigmoid, |x: f64| 1.0 / (1.0 + (-x).exp()));
    gain(Normal, f64::exp);
    gain(Ln, f64::ln);
    if !cfg!(debug_assertions) && dispatch(HasFma) {
        assert!(of_tanh > 3.0, "tanh is only {of_tanh:.1} times as fast as std");
    }
}
