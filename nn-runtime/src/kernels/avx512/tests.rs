use core::cell::Cell;
use std::vec::Vec;

use nalgebra::{SMatrix, SVector};

use crate::init::{rng, uniform};
use crate::kernels::{Isa, Kernel, Window2d, at_each_level};
use crate::scalar::Scalar;

std::thread_local! {
    /// Whether this thread does without the level.
    pub(super) static IS_HIDDEN: Cell<bool> = const { Cell::new(false) };
}

/// Does `work` as a machine would that has not this level.
pub(crate) fn without<R>(work: impl FnOnce() -> R) -> R {
    IS_HIDDEN.set(true);
    let result = work();
    IS_HIDDEN.set(false);
    result
}

fn random<T: Scalar, const R: usize, const C: usize>(seed: u64) -> SMatrix<T, R, C> {
    let mut values = SMatrix::<T, R, C>::repeat(T::ZERO);
    uniform(values.as_mut_slice(), 1.0, &mut rng(seed)).unwrap();
    values
}

/// All that a dense layer and its gradients compute.
struct Dense<T, const BATCH: usize, const IN: usize, const OUT: usize>(core::marker::PhantomData<T>);

impl<T: Scalar, const BATCH: usize, const IN: usize, const OUT: usize> Kernel for Dense<T, BATCH, IN, OUT> {
    type Output = Vec<T>;

    fn run<I: Isa>(self, isa: I) -> Vec<T> {
        use crate::layers::linear;
        let (weight, bias) = (random::<T, OUT, IN>(1), random::<T, OUT, 1>(2));
        let (input, grad_output) = (random::<T, BATCH, IN>(3), random::<T, BATCH, OUT>(4));
        let (mut output, mut grad_input) = (grad_output, input);
        let (mut grad_weight, mut grad_bias) = (weight, bias);
        linear::forward(isa, &weight, Some(&bias), &input, &mut output);
        linear::backward_parameters(isa, &input, &grad_output, &mut grad_weight, Some(&mut grad_bias));
        linear::backward_input(isa, &weight, &grad_output, &mut grad_input);
        [output.as_slice(), grad_weight.as_slice(), grad_bias.as_slice(), grad_input.as_slice()].concat()
    }
}

/// All that a convolution and its gradients compute: the `N` values of some channels become the `M` of some outputs, by a weight
/// of `K` values each.
struct Convolution<
    T,
    const BATCH: usize,
    const CHANNELS: usize,
    const OUTPUTS: usize,
    const K: usize,
    const N: usize,
    const M: usize,
>(core::marker::PhantomData<T>);

impl<
    T: Scalar,
    const BATCH: usize,
    const CHANNELS: usize,
    const OUTPUTS: usize,
    const K: usize,
    const N: usize,
    const M: usize,
> Kernel for Convolution<T, BATCH, CHANNELS, OUTPUTS, K, N, M>
{
    type Output = Vec<T>;

    fn run<I: Isa>(self, isa: I) -> Vec<T> {
        use crate::layers::conv2d;
        const { assert!(K == 6 * CHANNELS && N == 63 * CHANNELS && M == 40 * OUTPUTS) }
        let window = Window2d {
            channels: CHANNELS,
            input: [7, 9],
            output: [5, 8],
            kernel: [3, 2],
            stride: [1, 1],
            padding: [0, 0],
            dilation: [1, 1],
        };
        let (weight, bias) = (random::<T, OUTPUTS, K>(1), random::<T, OUTPUTS, 1>(2));
        let (input, grad_output) = (random::<T, BATCH, N>(3), random::<T, BATCH, M>(4));
        let (mut output, mut grad_input) = (grad_output, input);
        let (mut grad_weight, mut grad_bias): (_, SVector<T, OUTPUTS>) = (weight, bias);
        conv2d::forward(isa, window, 1, &weight, Some(&bias), &input, &mut output);
        conv2d::backward_parameters(isa, window, 1, &input, &grad_output, &mut grad_weight, Some(&mut grad_bias));
        conv2d::backward_input(isa, window, 1, &weight, &grad_output, &mut grad_input);
        [output.as_slice(), grad_weight.as_slice(), grad_bias.as_slice(), grad_input.as_slice()].concat()
    }
}

macro_rules! same_bits {
    ($($kernel:ident<$type:ty $(, $size:literal)*>,)*) => {$(
        let [_, narrow, widest] = at_each_level(|| $kernel::<$type $(, $size)*>(core::marker::PhantomData));
        assert!(
            narrow.iter().map(|value| value.to_bits()).eq(widest.iter().map(|value| value.to_bits())),
            stringify!($kernel<$type $(, $size)*>),
        );
    )*};
}

#[test]
fn computes_the_bits_of_avx2() {
    same_bits! {
        Dense<f32, 1, 100, 200>, Dense<f32, 1, 9, 1024>, Dense<f32, 1, 70, 128>,
        Dense<f32, 16, 40, 3>, Dense<f32, 16, 40, 6>, Dense<f32, 16, 13, 64>, Dense<f32, 17, 40, 12>, Dense<f32, 32, 300, 10>,
        Dense<f32, 32, 9, 60>, Dense<f32, 48, 7, 33>, Dense<f32, 64, 30, 20>, Dense<f32, 64, 30, 5>,
        Dense<f32, 64, 31, 8>, Dense<f64, 64, 13, 7>,
        Dense<f64, 1, 100, 200>, Dense<f64, 16, 13, 20>, Dense<f64, 32, 40, 6>, Dense<f64, 33, 16, 17>, Dense<f64, 64, 9, 5>,
        Convolution<f32, 1, 5, 14, 30, 315, 560>, Convolution<f32, 1, 28, 28, 168, 1764, 1120>,
        Convolution<f32, 16, 5, 14, 30, 315, 560>, Convolution<f32, 24, 5, 14, 30, 315, 560>,
        Convolution<f32, 16, 5, 6, 30, 315, 240>, Convolution<f32, 24, 5, 7, 30, 315, 280>,
        Convolution<f64, 16, 5, 14, 30, 315, 560>, Convolution<f64, 32, 5, 14, 30, 315, 560>,
    }
}
