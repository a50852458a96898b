//! Nanoseconds a value of the elementwise layers, forward and backward.

use std::hint::black_box;
use std::time::Instant;

use nalgebra::SMatrix;
use nn_runtime::kernels::{Isa, Kernel, dispatch};
use nn_runtime::layers::{
    abs, elu, exp, gelu, hard_sigmoid, hard_swish, hard_tanh, leaky_relu, log, mish, relu, relu6, selu, sigmoid, silu,
    softplus, softsign, sqrt, square, tanh,
};

type Values = SMatrix<f32, 32, 64>;

/// The shortest of many rounds of `work` on copies of the values.
fn nanoseconds(values: &Values, mut work: impl FnMut(&mut Values)) -> f64 {
    const REPETITIONS: u32 = 20;
    let mut shortest = f64::INFINITY;
    let mut copies = vec![*values; REPETITIONS as usize];
    for _ in 0..if cfg!(debug_assertions) { 1 } else { 200 } {
        copies.fill(*values);
        let start = Instant::now();
        for copy in &mut copies {
            work(black_box(copy));
        }
        shortest = shortest.min(start.elapsed().as_secs_f64());
    }
    shortest * 1e9 / (f64::from(REPETITIONS) * values.len() as f64)
}

/// Measures all layers at the highest level; returns the slowest of those that have no division and no exponential.
struct Measure;

impl Kernel for Measure {
    type Output = f64;

    fn run<I: Isa>(self, isa: I) -> f64 {
        let values = Values::from_fn(|row, column| (((row * 64 + column) as f32) * 0.618_034).fract() * 16.0 - 8.0);
        let mut slowest = 0.0_f64;
        macro_rules! measure {
            ($($name:ident($($option:expr),*) $is_simple:literal)*) => {$(
                let forward = nanoseconds(&values, |value| $name::forward(isa, $($option,)* value));
                let backward = nanoseconds(&values, |grad| $name::backward_input(isa, $($option,)* &values, grad));
                println!("{:13} forward {forward:.3}, backward {backward:.3} ns", stringify!($name));
                if $is_simple {
                    slowest = slowest.max(forward).max(backward);
                }
            )*};
        }
        measure! {
            relu() true leaky_relu(0.01) true relu6() true hard_sigmoid() true hard_swish() true
            hard_tanh(-1.0, 1.0) true square() true abs() true
            elu(1.0) false selu() false softsign() false sigmoid() false tanh() false silu() false mish() false
            gelu(gelu::Approximate::None) false gelu(gelu::Approximate::Tanh) false softplus(1.0, 20.0) false
            sqrt() false exp() false log() false
        }
        slowest
    }
}

#[test]
fn simple_activations_are_vectorised() {
    let slowest = dispatch(Measure);
    assert!(cfg!(debug_assertions) || slowest < 0.6, "a simple activation takes {slowest:.2} ns a value");
}
