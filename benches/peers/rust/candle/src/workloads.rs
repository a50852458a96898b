//! The workloads.

use std::collections::HashMap;

use candle_core::{DType, Device, Result, Shape, Tensor, Var};
use candle_nn::loss::{cross_entropy, mse};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, RNN, SGD, VarBuilder, VarMap};
use peer_protocol::{Entry, Failure, Job};

use crate::networks::{Dense, Encoder, Hidden, LeNet, Recurrent, Tiny};

const MLP: [usize; 4] = [784, 128, 64, 10];
const SMALL: [usize; 4] = [4, 32, 16, 4];
const REGRESSION: [usize; 4] = [6, 64, 8, 4];

pub const WORKLOADS: &[Entry] = &[
    ("tiny", |job| infer(job, (1, 2), Tiny::load, Tiny::forward)),
    ("tiny-sgd", |job| train(job, (4, 2), |vars| SGD::new(vars, 0.0), Tiny::load, means((4, 1), Tiny::forward))),
    ("tiny-adam", |job| train(job, (4, 2), adam, Tiny::load, means((4, 1), Tiny::forward))),
    ("simplechains", |job| {
        let network = |parameters: &VarBuilder| Dense::load(SMALL, parameters);
        train(job, (10_000, 4), adam, network, means((10_000, 4), Dense::tanh))
    }),
    ("mlp", |job| infer(job, (1, 784), |parameters| Dense::load(MLP, parameters), Dense::relu)),
    ("mlp-train-32", |job| {
        train(job, (32, 784), adam, |parameters| Dense::load(MLP, parameters), classes(Dense::relu))
    }),
    ("mlp-train-64", |job| {
        train(job, (64, 784), adam, |parameters| Dense::load(MLP, parameters), classes(Dense::relu))
    }),
    ("lenet", |job| infer(job, (1, 1, 28, 28), LeNet::load, LeNet::forward)),
    ("lenet-train-32", |job| train(job, (32, 1, 28, 28), adam, LeNet::load, classes(LeNet::forward))),
    ("lenet-train-128", |job| train(job, (128, 1, 28, 28), adam, LeNet::load, classes(LeNet::forward))),
    ("lstm16", |job| stream(job, |parameters| Recurrent::lstm(16, parameters))),
    ("gru16", |job| stream(job, |parameters| Recurrent::gru(16, parameters))),
    ("lstm64", |job| stream(job, |parameters| Recurrent::lstm(64, parameters))),
    ("lstm16-train", |job| train_recurrent(job, |parameters| Recurrent::lstm(16, parameters))),
    ("gru16-train", |job| train_recurrent(job, |parameters| Recurrent::gru(16, parameters))),
    ("lstm64-train", |job| train_recurrent(job, |parameters| Recurrent::lstm(64, parameters))),
    ("encoder", |job| infer(job, (1, 16, 32), |parameters| Encoder::load(false, parameters), Encoder::forward)),
    ("encoder-train-16", |job| {
        let network = |parameters: &VarBuilder| Encoder::load(true, parameters);
        train(job, (16, 16, 32), adam, network, means((16, 16, 32), Encoder::forward))
    }),
    ("regression", |job| infer(job, (1, 6), |parameters| Dense::load(REGRESSION, parameters), Dense::relu)),
];

fn adam(vars: Vec<Var>) -> Result<AdamW> {
    AdamW::new(vars, ParamsAdamW { weight_decay: 0.0, ..ParamsAdamW::default() })
}

/// The parameters under candle's names: it numbers the layers of a recurrent network.
fn parameters(job: &Job) -> std::result::Result<HashMap<String, Tensor>, Failure> {
    let mut tensors = HashMap::new();
    for parameter in job.parameters()? {
        let tensor = Tensor::from_vec(parameter.values, parameter.dims, &Device::Cpu)?;
        let suffix = if parameter.name.starts_with("rnn.") { "_l0" } else { "" };
        tensors.insert(parameter.name + suffix, tensor);
    }
    Ok(tensors)
}

fn constants(job: &Job) -> std::result::Result<VarBuilder<'static>, Failure> {
    Ok(VarBuilder::from_tensors(parameters(job)?, DType::F32, &Device::Cpu))
}

fn tensors(values: &[f32], shape: &Shape) -> Result<Vec<Tensor>> {
    values.chunks(shape.elem_count()).map(|chunk| Tensor::from_slice(chunk, shape, &Device::Cpu)).collect()
}

fn values(tensor: Tensor) -> std::result::Result<Vec<f32>, Failure> {
    Ok(tensor.flatten_all()?.to_vec1()?)
}

fn infer<M>(
    job: &Job,
    shape: impl Into<Shape>,
    load: impl Fn(&VarBuilder) -> Result<M>,
    forward: impl Fn(&M, &Tensor) -> Result<Tensor>,
) -> std::result::Result<(), Failure> {
    let network = load(&constants(job)?)?;
    job.infer(&tensors(&job.input, &shape.into())?, |input| Ok(forward(&network, input)?), values)
}

fn stream<R: RNN<State: Hidden>>(
    job: &Job,
    load: impl Fn(&VarBuilder) -> Result<Recurrent<R>>,
) -> std::result::Result<(), Failure> {
    use candle_core::Module;
    let network = load(&constants(job)?)?;
    let mut state = network.rnn.zero_state(1)?;
    let step = |input: &Tensor| {
        state = network.rnn.step(input, &state)?;
        Ok(network.head.forward(state.hidden())?)
    };
    job.infer(&tensors(&job.input, &Shape::from((1, 1)))?, step, values)
}

/// The targets of all batches, their number given; and the loss of a network's output.
struct Criterion<F> {
    targets: Box<dyn Fn(&Job, usize) -> Result<Vec<Tensor>>>,
    loss: fn(&Tensor, &Tensor) -> Result<Tensor>,
    forward: F,
}

fn means<F>(shape: impl Into<Shape>, forward: F) -> Criterion<F> {
    let shape = shape.into();
    Criterion { targets: Box::new(move |job, _| tensors(&job.target, &shape)), loss: mse, forward }
}

#[expect(clippy::cast_sign_loss, reason = "a class is exported as a whole number from 0 on")]
fn classes<F>(forward: F) -> Criterion<F> {
    let targets = |job: &Job, batches: usize| {
        let classes: Vec<u32> = job.target.iter().map(|class| *class as u32).collect();
        let tensor = |chunk: &[u32]| Tensor::from_slice(chunk, chunk.len(), &Device::Cpu);
        classes.chunks(classes.len() / batches).map(tensor).collect()
    };
    Criterion { targets: Box::new(targets), loss: cross_entropy, forward }
}

fn train<M, O: Optimizer>(
    job: &Job,
    shape: impl Into<Shape>,
    optimizer: impl Fn(Vec<Var>) -> Result<O>,
    load: impl Fn(&VarBuilder) -> Result<M>,
    criterion: Criterion<impl Fn(&M, &Tensor) -> Result<Tensor>>,
) -> std::result::Result<(), Failure> {
    let variables = VarMap::new();
    for (name, tensor) in parameters(job)? {
        let variable = Var::from_tensor(&tensor)?;
        variables.data().lock().map_err(|_| "the variables are poisoned")?.insert(name, variable);
    }
    let network = load(&VarBuilder::from_varmap(&variables, DType::F32, &Device::Cpu))?;
    let mut optimizer = optimizer(variables.all_vars())?;
    let inputs = tensors(&job.input, &shape.into())?;
    let targets = (criterion.targets)(job, inputs.len())?;
    let batches: Vec<_> = inputs.into_iter().zip(targets).collect();
    let step = |(input, target): &(Tensor, Tensor), rate: f64| {
        let loss = (criterion.loss)(&(criterion.forward)(&network, input)?, target)?;
        optimizer.set_learning_rate(rate);
        optimizer.backward_step(&loss)?;
        Ok(loss)
    };
    job.train(&batches, step, |loss| Ok(loss.to_scalar()?))
}

fn train_recurrent<R: RNN<State: Hidden>>(
    job: &Job,
    load: impl Fn(&VarBuilder) -> Result<Recurrent<R>>,
) -> std::result::Result<(), Failure> {
    train(job, (16, 32, 1), adam, load, means((16, 32, 1), Recurrent::forward))
}
