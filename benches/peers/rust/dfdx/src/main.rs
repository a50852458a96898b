//! The dense workloads in dfdx: its convolutions and attention need a nightly compiler, and it has no recurrent layers.
//!
//! Its traits are bounded so tightly that code which is generic over networks is longer than macros over concrete ones.

use std::process::ExitCode;

use dfdx::nn::builders::{Linear, ReLU, Sigmoid, Tanh};
use dfdx::optim::{Adam, Sgd};
use dfdx::prelude::*;
use peer_protocol::{Failure, Job};

type Tiny = (Linear<2, 8>, Tanh, Linear<8, 1>, Sigmoid);
type Small = (Linear<4, 32>, Tanh, Linear<32, 16>, Tanh, Linear<16, 4>);
type Mlp = (Linear<784, 128>, ReLU, Linear<128, 64>, ReLU, Linear<64, 10>);
type Regression = (Linear<6, 64>, ReLU, Linear<64, 8>, ReLU, Linear<8, 4>);

/// A network with the exported weights; its dense layers are the numbered elements of the tuple.
macro_rules! load {
    ($job:ident, $device:ident, $network:ty, $($element:tt)+) => {{
        let mut network = $device.build_module::<$network, f32>();
        let parameters = $job.parameters()?;
        let mut parameters = parameters.iter();
        $(
            network.$element.weight.copy_from(&parameters.next().ok_or("a weight is missing")?.values);
            network.$element.bias.copy_from(&parameters.next().ok_or("a bias is missing")?.values);
        )+
        network
    }};
}

macro_rules! infer {
    ($network:ty, $inputs:literal, $($element:tt)+) => {
        |job: &Job| {
            let device = Cpu::default();
            let network = load!(job, device, $network, $($element)+);
            let input = |values: &[f32]| device.tensor_from_vec(values.to_vec(), (Const::<$inputs>,));
            let inputs: Vec<Tensor<Rank1<$inputs>, f32, Cpu>> = job.input.chunks($inputs).map(input).collect();
            job.infer(&inputs, |input| Ok(network.forward(input.clone())), |output| Ok(output.as_vec()))
        }
    };
}

macro_rules! train {
    ($network:ty, $optimizer:ident, $loss:ident, $target:ident, [$batch:literal, $inputs:literal, $outputs:literal], $($element:tt)+) => {
        |job: &Job| {
            let device = Cpu::default();
            let mut network = load!(job, device, $network, $($element)+);
            let mut optimizer = $optimizer::new(&network, Default::default());
            let mut gradients = Some(network.alloc_grads());
            let tensor = |values: &[f32]| device.tensor_from_vec(values.to_vec(), (Const::<$batch>, Const::<$inputs>));
            let inputs: Vec<Tensor<Rank2<$batch, $inputs>, f32, Cpu>> =
                job.input.chunks($batch * $inputs).map(tensor).collect();
            let tensor = |values: &[f32]| device.tensor_from_vec(values.to_vec(), (Const::<$batch>, Const::<$outputs>));
            let targets: Vec<Tensor<Rank2<$batch, $outputs>, f32, Cpu>> =
                $target(&job.target).chunks($batch * $outputs).map(tensor).collect();
            let batches: Vec<_> = inputs.into_iter().zip(targets).collect();
            let step = |(input, target): &(Tensor<_, f32, Cpu>, Tensor<_, f32, Cpu>), rate: f64| {
                let before = gradients.take().ok_or("a step before failed")?;
                let output = network.forward_mut(input.clone().traced(before));
                let loss = $loss(output, target.clone());
                let value = loss.array();
                let mut after = loss.backward();
                optimizer.cfg.lr = rate;
                optimizer.update(&mut network, &after).map_err(|error| format!("{error:?}"))?;
                network.zero_grads(&mut after);
                gradients = Some(after);
                Ok::<_, Failure>(value)
            };
            job.train(&batches, step, Ok)
        }
    };
}

/// Targets that are values.
fn values(targets: &[f32]) -> Vec<f32> {
    targets.to_vec()
}

/// Targets that are one of ten classes, as probabilities.
fn one_hot(targets: &[f32]) -> Vec<f32> {
    targets.iter().flat_map(|class| (0_u8..10).map(|other| f32::from(u8::from(f32::from(other) == *class)))).collect()
}

fn main() -> ExitCode {
    // its own example says that this makes it much faster
    dfdx::flush_denormals_to_zero();
    peer_protocol::main(
        "dfdx",
        &[
            ("tiny", infer!(Tiny, 2, 0 2)),
            ("tiny-sgd", train!(Tiny, Sgd, mse_loss, values, [4, 2, 1], 0 2)),
            ("tiny-adam", train!(Tiny, Adam, mse_loss, values, [4, 2, 1], 0 2)),
            ("simplechains", train!(Small, Adam, mse_loss, values, [10_000, 4, 4], 0 2 4)),
            ("mlp", infer!(Mlp, 784, 0 2 4)),
            ("mlp-train-32", train!(Mlp, Adam, cross_entropy_with_logits_loss, one_hot, [32, 784, 10], 0 2 4)),
            ("mlp-train-64", train!(Mlp, Adam, cross_entropy_with_logits_loss, one_hot, [64, 784, 10], 0 2 4)),
            ("regression", infer!(Regression, 6, 0 2 4)),
        ],
    )
}
