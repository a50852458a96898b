//! Whole training steps, the optimizers' part of them, and single steps of a stream.

use std::hint::black_box;

use nn_runtime::bytemuck;
use nn_runtime::kernels::{Isa, Kernel, dispatch};
use nn_runtime::loss::{CrossEntropy, Mse};
use nn_runtime::network::Parameters;
use nn_runtime::prelude::{Adam, Network, Optimizer, SVector, Sgd, Training, network, rng};

use super::{Aligned, Bandwidth, Case};

network! {
    struct Perceptron: [784] -> [10] {
        linear(128), relu,
        linear(64), relu,
        linear(10),
    }
}

network! {
    struct Chain: [4] -> [4] {
        linear(32), tanh,
        linear(16), tanh,
        linear(4),
    }
}

network! {
    struct Xor: [2] -> [1] {
        linear(8), tanh,
        linear(1), sigmoid,
    }
}

network! {
    struct Lstm16: [2, 1] -> [2, 16] { lstm(16) }
    struct Gru16: [2, 1] -> [2, 16] { gru(16) }
    struct Lstm64: [2, 1] -> [2, 64] { lstm(64) }
}

/// The multiply-adds of a step for each sample: forward, for the weights, and backward but for the first layer.
fn multiply_adds<N: Network>() -> usize {
    let first = N::LAYERS.first().map_or(0, |layer| layer.multiply_adds);
    (3 * N::LAYERS.iter().map(|layer| layer.multiply_adds).sum::<u64>() - first) as usize
}

fn perceptron(floor: f64) -> Case {
    const BATCH: usize = 32;
    let (inputs, targets) = (vec![[0.5; 784]; BATCH], core::array::from_fn::<u8, BATCH, _>(|row| row as u8 % 10));
    let (mut network, mut training) = (Perceptron::boxed(&mut rng(0)), Training::<Perceptron, Adam, BATCH>::boxed());
    Case::new("784-128-64-10, batch 32, Adam".into(), BATCH * multiply_adds::<Perceptron>(), floor, move |times| {
        for _ in 0..times {
            let step = training.step(&mut *network, &Adam::new(1e-3), &CrossEntropy, black_box(&inputs), &targets);
            black_box(step.is_ok());
        }
    })
}

fn chain(floor: f64) -> Case {
    const ROWS: usize = 2048;
    let (inputs, targets) = (vec![[0.5; 4]; ROWS], vec![[0.25; 4]; ROWS]);
    let (mut network, mut training) = (Chain::new(&mut rng(0)), Training::<Chain, Adam, 32>::boxed());
    Case::new("4-32-16-4, batch 2048, Adam".into(), ROWS * multiply_adds::<Chain>(), floor, move |times| {
        for _ in 0..times {
            let step = training.step(&mut network, &Adam::new(1e-3), &Mse, black_box(&inputs), &targets);
            black_box(step.is_ok());
        }
    })
}

fn xor<O: Optimizer<f32> + 'static>(name: &str, optimizer: O, floor: f64) -> Case {
    let (inputs, targets) = ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [[0.0], [1.0], [1.0], [0.0]]);
    let (mut network, mut training) = (Xor::new(&mut rng(0)), Training::<Xor, O, 4>::boxed());
    Case::new(format!("2-8-1, batch 4, {name}"), 4 * multiply_adds::<Xor>(), floor, move |times| {
        for _ in 0..times {
            let step = training.step(&mut network, &optimizer, &Mse, black_box(&inputs), &targets);
            black_box(step.is_ok());
        }
    })
}

/// What Adam reads and writes of each parameter, and nothing but an addition for each: 28 bytes.
struct Streams<'a>([&'a mut [f32]; 3], &'a [f32]);

impl Kernel for Streams<'_> {
    type Output = ();

    #[inline(always)]
    fn run<I: Isa>(self, _isa: I) {
        let Self([parameters, mean, square], gradient) = self;
        for (((parameter, mean), square), gradient) in parameters.iter_mut().zip(mean).zip(square).zip(gradient) {
            *parameter += *gradient;
            *mean += *gradient;
            *square += *gradient;
        }
    }
}

struct StreamsEntry<'a>(&'a mut [Vec<f32>; 4], u32);

impl Kernel for StreamsEntry<'_> {
    type Output = ();

    fn run<I: Isa>(self, isa: I) {
        for _ in 0..self.1 {
            let [parameters, mean, square, gradient] = black_box(&mut *self.0);
            isa.call(Streams([parameters, mean, square], gradient));
        }
    }
}

/// The bandwidth of the memory that so many parameters with their gradient and moments live in, as Adam uses it.
fn streams(parameters: usize) -> Bandwidth {
    // not zeros: pages that have never been written are all the same one in memory
    let mut streams = core::array::from_fn(|_| vec![1.0; parameters]);
    let calls = move |times| dispatch(StreamsEntry(&mut streams, times));
    Bandwidth {
        bytes: 28 * parameters,
        of: Box::new(Case::new(format!("moving {parameters} parameters"), 3 * parameters, 0.0, calls)),
    }
}

/// Five multiply-adds, a root and a quotient for each parameter. From beyond the second-level cache, reading and writing them
/// takes most of the time; from the first it is root and quotient, which share a unit that no other work hides.
fn adam<N: Parameters<Scalar = f32>>(name: &str, floor: f64) -> Case {
    let (mut network, mut training) = (bytemuck::zeroed_box::<N>(), Training::<N, Adam, 1>::boxed());
    network.init(&mut rng(0));
    training.gradient.init(&mut rng(1));
    let parameters = network.as_slice().len();
    let case = Case::new(format!("Adam, {name}"), 5 * parameters, floor, move |times| {
        for _ in 0..times {
            training.update(black_box(&mut *network), &Adam::new(1e-3)).expect("a finite gradient");
        }
    });
    Case { bandwidth: Some(streams(parameters)), ..case }
}

/// A step of a stream; each waits for the one before, and the functions of its gates take more time than its products.
macro_rules! stream {
    ($Network:ident, $State:ident, $multiply_adds:expr, $floor:expr) => {{
        let (network, mut state) = (Aligned($Network::new(&mut rng(0))), $State::ZERO);
        Case::new(concat!(stringify!($Network), ", a step").into(), $multiply_adds, $floor, move |times| {
            for _ in 0..times {
                black_box(black_box(&network.0).step(&mut state, black_box(&SVector::from([0.5]))));
            }
        })
    }};
}

pub(super) fn cases() -> [Case; 9] {
    [
        stream!(Lstm16, Lstm16State, 64 * 17, 0.21),
        stream!(Gru16, Gru16State, 48 * 17, 0.17),
        stream!(Lstm64, Lstm64State, 256 * 65, 0.24),
        perceptron(0.45),
        chain(0.28),
        xor("SGD", Sgd::new(0.1), 0.015),
        xor("Adam", Adam::new(1e-3), 0.01),
        adam::<Chain>("756 parameters", 0.14),
        adam::<Perceptron>("109,386 parameters", 0.14),
    ]
}
