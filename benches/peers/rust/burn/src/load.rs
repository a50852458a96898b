//! Burn's modules with the exported weights.

use burn::module::Param;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::{GateController, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor, TensorData};
use peer_protocol::{Failure, Job, Parameter};

fn param<const D: usize>(parameter: Parameter, device: &Device) -> Param<Tensor<D>> {
    Param::from_data(TensorData::new(parameter.values, parameter.dims), device)
}

/// A dense layer from PyTorch's `weight`, which is the transpose of burn's, and `bias`.
pub fn linear_of(weight: &Parameter, bias: Parameter, device: &Device) -> Linear {
    let mut linear = LinearConfig::new(weight.dims[1], weight.dims[0]).init(device);
    linear.weight = param(weight.transposed(), device);
    linear.bias = Some(param(bias, device));
    linear
}

pub fn linear(job: &Job, name: &str, device: &Device) -> Result<Linear, Failure> {
    let weight = job.parameter(&format!("{name}.weight"))?;
    Ok(linear_of(&weight, job.parameter(&format!("{name}.bias"))?, device))
}

pub fn conv2d(job: &Job, name: &str, device: &Device) -> Result<Conv2d, Failure> {
    let weight = job.parameter(&format!("{name}.weight"))?;
    let dims = &weight.dims;
    let mut conv = Conv2dConfig::new([dims[1], dims[0]], [dims[2], dims[3]]).init(device);
    conv.weight = param(weight, device);
    conv.bias = Some(param(job.parameter(&format!("{name}.bias"))?, device));
    Ok(conv)
}

pub fn layer_norm(job: &Job, name: &str, device: &Device) -> Result<LayerNorm, Failure> {
    let weight = job.parameter(&format!("{name}.weight"))?;
    let mut norm = LayerNormConfig::new(weight.dims[0]).init(device);
    norm.gamma = param(weight, device);
    norm.beta = Some(param(job.parameter(&format!("{name}.bias"))?, device));
    Ok(norm)
}

/// Fills a gate with gate `index` of `count` of the recurrent layer `rnn`.
pub fn gate(gate: &mut GateController, job: &Job, [index, count]: [usize; 2], device: &Device) -> Result<(), Failure> {
    let transform = |kind: &str| -> Result<Linear, Failure> {
        let weight = job.parameter(&format!("rnn.weight_{kind}"))?.part(index, count);
        Ok(linear_of(&weight, job.parameter(&format!("rnn.bias_{kind}"))?.part(index, count), device))
    };
    gate.input_transform = transform("ih")?;
    gate.hidden_transform = transform("hh")?;
    Ok(())
}
