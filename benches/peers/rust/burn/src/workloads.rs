//! The workloads.

use burn::module::Module;
use burn::nn::LstmState;
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Int, Tensor, TensorData};
use peer_protocol::{Entry, Failure, Job};

use crate::networks::{Dense, Encoder, GruNet, LeNet, LstmNet, Tiny};

pub const WORKLOADS: &[Entry] = &[
    ("tiny", |job| infer(job, [1, 2], Tiny::load, Tiny::forward)),
    ("tiny-sgd", |job| train(job, [4, 2], &SgdConfig::new().init(), Tiny::load, mse([4, 1], Tiny::forward))),
    ("tiny-adam", |job| train(job, [4, 2], &adam(), Tiny::load, mse([4, 1], Tiny::forward))),
    ("simplechains", |job| train(job, [10_000, 4], &adam(), Dense::load, mse([10_000, 4], Dense::tanh))),
    ("mlp", |job| infer(job, [1, 784], Dense::load, Dense::relu)),
    ("mlp-train-32", |job| train(job, [32, 784], &adam(), Dense::load, cross_entropy(Dense::relu))),
    ("mlp-train-64", |job| train(job, [64, 784], &adam(), Dense::load, cross_entropy(Dense::relu))),
    ("lenet", |job| infer(job, [1, 1, 28, 28], LeNet::load, LeNet::forward)),
    ("lenet-train-32", |job| train(job, [32, 1, 28, 28], &adam(), LeNet::load, cross_entropy(LeNet::forward))),
    ("lenet-train-128", |job| train(job, [128, 1, 28, 28], &adam(), LeNet::load, cross_entropy(LeNet::forward))),
    ("lstm16", stream_lstm),
    ("gru16", stream_gru),
    ("lstm64", stream_lstm),
    ("lstm16-train", train_lstm),
    ("gru16-train", |job| {
        let forward = |network: &GruNet, input| network.head.forward(network.rnn.forward(input, None));
        train(job, [16, 32, 1], &adam(), GruNet::load, mse([16, 32, 1], forward))
    }),
    ("lstm64-train", train_lstm),
    ("encoder", |job| infer(job, [1, 16, 32], Encoder::load, Encoder::forward)),
    ("encoder-train-16", |job| train(job, [16, 16, 32], &adam(), Encoder::load, mse([16, 16, 32], Encoder::forward))),
    ("regression", |job| infer(job, [1, 6], Dense::load, Dense::relu)),
];

fn adam() -> ModuleOptimizer {
    AdamConfig::new().with_epsilon(1e-8).init()
}

/// Consecutive values as tensors of one shape.
fn tensors<const D: usize>(values: &[f32], shape: [usize; D], device: &Device) -> Vec<Tensor<D>> {
    let tensor = |chunk: &[f32]| Tensor::from_data(TensorData::new(chunk.to_vec(), shape), device);
    values.chunks(shape.iter().product()).map(tensor).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "candle's can fail")]
fn values<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, Failure> {
    Ok(tensor.into_data().iter::<f32>().collect())
}

fn infer<M, const D: usize, const E: usize>(
    job: &Job,
    shape: [usize; D],
    load: impl Fn(&Job, &Device) -> Result<M, Failure>,
    forward: impl Fn(&M, Tensor<D>) -> Tensor<E>,
) -> Result<(), Failure> {
    let device = Device::default();
    let network = load(job, &device)?;
    let inputs = tensors(&job.input, shape, &device);
    job.infer(&inputs, |input| Ok(forward(&network, input.clone())), values)
}

/// A batch is an input and the values of its targets on the device.
fn train<M: Module, B, const D: usize>(
    job: &Job,
    shape: [usize; D],
    optimizer: &ModuleOptimizer,
    load: impl Fn(&Job, &Device) -> Result<M, Failure>,
    (targets, loss): (impl Fn(&Job, usize, &Device) -> Vec<B>, impl Fn(&M, Tensor<D>, &B) -> Tensor<1>),
) -> Result<(), Failure> {
    let device = Device::default().autodiff();
    let mut network = Some(load(job, &device)?);
    let mut optimizer = optimizer.clone();
    let inputs = tensors(&job.input, shape, &device);
    let targets = targets(job, inputs.len(), &device);
    let batches: Vec<_> = inputs.into_iter().zip(targets).collect();
    let step = |(input, target): &(Tensor<D>, B), rate: f64| {
        let before = network.take().ok_or("a step before failed")?;
        let loss = loss(&before, input.clone(), target);
        let gradients = GradientsParams::from_grads(loss.backward(), &before);
        network = Some(optimizer.step(rate, before, gradients));
        Ok(loss)
    };
    job.train(&batches, step, |loss| Ok(loss.into_scalar::<f32>()))
}

type Loss<M, B, const D: usize> = Box<dyn Fn(&M, Tensor<D>, &B) -> Tensor<1>>;
type Targets<B> = Box<dyn Fn(&Job, usize, &Device) -> Vec<B>>;

fn mse<M: 'static, const D: usize>(
    shape: [usize; D],
    forward: impl Fn(&M, Tensor<D>) -> Tensor<D> + 'static,
) -> (Targets<Tensor<D>>, Loss<M, Tensor<D>, D>) {
    let targets = move |job: &Job, _: usize, device: &Device| tensors(&job.target, shape, device);
    let loss = move |network: &M, input, target: &Tensor<D>| {
        MseLoss::new().forward(forward(network, input), target.clone(), Reduction::Mean)
    };
    (Box::new(targets), Box::new(loss))
}

#[expect(clippy::type_complexity, reason = "the two halves of a loss")]
fn cross_entropy<M: 'static, const D: usize>(
    forward: impl Fn(&M, Tensor<D>) -> Tensor<2> + 'static,
) -> (Targets<Tensor<1, Int>>, Loss<M, Tensor<1, Int>, D>) {
    let targets = |job: &Job, batches: usize, device: &Device| {
        let classes: Vec<i32> = job.target.iter().map(|class| *class as i32).collect();
        let tensor = |chunk: &[i32]| Tensor::from_data(TensorData::new(chunk.to_vec(), [chunk.len()]), device);
        classes.chunks(classes.len() / batches).map(tensor).collect()
    };
    let criterion = CrossEntropyLossConfig::new().init(&Device::default().autodiff());
    let loss =
        move |network: &M, input, target: &Tensor<1, Int>| criterion.forward(forward(network, input), target.clone());
    (Box::new(targets), Box::new(loss))
}

fn train_lstm(job: &Job) -> Result<(), Failure> {
    let forward = |network: &LstmNet, input| network.head.forward(network.rnn.forward(input, None).0);
    train(job, [16, 32, 1], &adam(), LstmNet::load, mse([16, 32, 1], forward))
}

fn stream_lstm(job: &Job) -> Result<(), Failure> {
    let device = Device::default();
    let network = LstmNet::load(job, &device)?;
    let inputs = tensors(&job.input, [1, 1, 1], &device);
    let mut state: Option<LstmState<2>> = None;
    let step = |input: &Tensor<3>| {
        let (output, next) = network.rnn.forward(input.clone(), state.take());
        state = Some(next);
        Ok(network.head.forward(output))
    };
    job.infer(&inputs, step, values)
}

fn stream_gru(job: &Job) -> Result<(), Failure> {
    let device = Device::default();
    let network = GruNet::load(job, &device)?;
    let inputs = tensors(&job.input, [1, 1, 1], &device);
    let mut state: Option<Tensor<2>> = None;
    let step = |input: &Tensor<3>| {
        let hidden = network.rnn.forward(input.clone(), state.take());
        state = Some(hidden.clone().squeeze_dim(1));
        Ok(network.head.forward(hidden))
    };
    job.infer(&inputs, step, values)
}
