//! A run of `Fit` on two threads against the same run on one, and against what the machine gives two runs at once that have nothing to do with
//! each other: interleaved rounds in one process, the least time of each. Two cores of a virtual machine may be one core of
//! the machine below it, which then bounds what threads can gain.
//!
//! Fails if the gain is less than [`BAR`] of that of two runs at once, or if the bits of the network depend on the number of threads.

use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{array, thread};

use nn_runtime::bytemuck::bytes_of;
use nn_runtime::loss::needs::Fits;
use nn_runtime::network::Parameters;
use nn_runtime::prelude::*;

const BAR: f64 = 0.65;
const SAMPLES: usize = 8192;
const ROUNDS: usize = 20;

network! {
    /// A perceptron for MNIST.
    pub struct Mlp: [784] -> [10] {
        fc1: linear(128), relu,
        fc2: linear(64), relu,
        out: linear(10),
    }

    /// LeNet-5 for 28x28 grey images.
    pub struct LeNet: [1, 28, 28] -> [10] {
        conv1: conv2d(6, kernel_size = 5), relu,
        max_pool2d(2),
        conv2: conv2d(16, kernel_size = 5), relu,
        max_pool2d(2),
        flatten,
        fc1: linear(120), relu,
        fc2: linear(84), relu,
        out: linear(10),
    }
}

/// An epoch on so many threads: its time, and the bits of the network.
fn epoch<P, Needs>(network: &P, data: &Dataset<P::Input, u8>, batch_size: usize, threads: usize) -> (Duration, Vec<u8>)
where
    P: Network<Parameters = P> + Parameters,
    CrossEntropy: Loss<u8, P::Output, P::Scalar, Needs>,
    Needs: Fits<P::Ending>,
{
    let mut network = Box::new(*network);
    let begin = Instant::now();
    let mut fit = Fit::new(Adam::new(1e-3), CrossEntropy).epochs(1).batch_size(batch_size).threads(threads);
    fit.run(&mut *network, data).expect("finite");
    (begin.elapsed(), bytes_of(&*network).to_vec())
}

fn compare<P, Needs>(network: &P, data: &Dataset<P::Input, u8>, batch_size: usize) -> bool
where
    P: Network<Parameters = P> + Parameters,
    CrossEntropy: Loss<u8, P::Output, P::Scalar, Needs>,
    Needs: Fits<P::Ending>,
{
    let mut least = [Duration::MAX; 3];
    for _ in 0..ROUNDS {
        let both = thread::scope(|scope| {
            let other = scope.spawn(|| epoch(network, data, batch_size, 1).0);
            let own = epoch(network, data, batch_size, 1).0;
            own.max(other.join().expect("a run"))
        });
        let times = [epoch(network, data, batch_size, 1).0, epoch(network, data, batch_size, 2).0, both];
        least = array::from_fn(|way| least[way].min(times[way]));
    }
    let steps = (SAMPLES / batch_size) as f64;
    let [one, two, both] = least.map(|time| time.as_secs_f64() * 1e6 / steps);
    let (gain, possible) = (one / two, 2.0 * one / both);
    let name = P::NAME;
    println!(
        "{name} at batch {batch_size}: a step on 1 thread {one:.0} us, on 2 threads {two:.0} us, {gain:.2} times as fast; two runs \
         at once {possible:.2}"
    );
    let bits = [1, 2, 3, 7].map(|threads| epoch(network, data, batch_size, threads).1);
    let are_same = bits.iter().all(|other| *other == bits[0]);
    println!("{name}: the bits on 1, 2, 3 and 7 threads are {}", if are_same { "the same" } else { "different" });
    gain >= BAR * possible && are_same
}

fn main() -> ExitCode {
    let pixel = |i: usize, j: usize| ((i * 31 + j * 7) % 17) as f32 / 17.0;
    let images: Vec<[f32; 784]> = (0..SAMPLES).map(|i| array::from_fn(|j| pixel(i, j))).collect();
    let labels: Vec<u8> = (0..SAMPLES).map(|i| (i % 10) as u8).collect();
    let data = Dataset::new(&images, &labels).expect("as many of both");
    let mlp = compare(&*Mlp::boxed(&mut rng(0)), &data, 256);
    let lenet = compare(&*LeNet::boxed(&mut rng(0)), &data, 128);
    if mlp && lenet { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
