//! The networks as a user of burn writes them.

use burn::module::Module;
use burn::nn::attention::{MhaInput, MultiHeadAttention, MultiHeadAttentionConfig};
use burn::nn::conv::Conv2d;
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Gru, GruConfig, LayerNorm, Linear, Lstm, LstmConfig};
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::{Device, Tensor};
use peer_protocol::{Failure, Job};

use crate::load::{conv2d, gate, layer_norm, linear, linear_of};

#[derive(Module, Debug)]
pub struct Tiny {
    hidden: Linear,
    out: Linear,
}

impl Tiny {
    pub fn load(job: &Job, device: &Device) -> Result<Self, Failure> {
        Ok(Self { hidden: linear(job, "hidden", device)?, out: linear(job, "out", device)? })
    }

    pub fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        sigmoid(self.out.forward(self.hidden.forward(input).tanh()))
    }
}

/// Three dense layers.
#[derive(Module, Debug)]
pub struct Dense {
    fc1: Linear,
    fc2: Linear,
    out: Linear,
}

impl Dense {
    pub fn load(job: &Job, device: &Device) -> Result<Self, Failure> {
        let [fc1, fc2, out] = ["fc1", "fc2", "out"].map(|name| linear(job, name, device));
        Ok(Self { fc1: fc1?, fc2: fc2?, out: out? })
    }

    pub fn relu(&self, input: Tensor<2>) -> Tensor<2> {
        self.out.forward(relu(self.fc2.forward(relu(self.fc1.forward(input)))))
    }

    pub fn tanh(&self, input: Tensor<2>) -> Tensor<2> {
        self.out.forward(self.fc2.forward(self.fc1.forward(input).tanh()).tanh())
    }
}

#[derive(Module, Debug)]
pub struct LeNet {
    conv1: Conv2d,
    conv2: Conv2d,
    pool: MaxPool2d,
    dense: Dense,
}

impl LeNet {
    pub fn load(job: &Job, device: &Device) -> Result<Self, Failure> {
        Ok(Self {
            conv1: conv2d(job, "conv1", device)?,
            conv2: conv2d(job, "conv2", device)?,
            pool: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            dense: Dense::load(job, device)?,
        })
    }

    pub fn forward(&self, input: Tensor<4>) -> Tensor<2> {
        let maps = self.pool.forward(relu(self.conv1.forward(input)));
        let maps = self.pool.forward(relu(self.conv2.forward(maps)));
        self.dense.relu(maps.flatten(1, 3))
    }
}

#[derive(Module, Debug)]
pub struct LstmNet {
    pub rnn: Lstm,
    pub head: Linear,
}

impl LstmNet {
    pub fn load(job: &Job, device: &Device) -> Result<Self, Failure> {
        let head = linear(job, "head", device)?;
        let mut rnn = LstmConfig::new(1, head.weight.dims()[0], true).init(device);
        gate(&mut rnn.input_gate, job, [0, 4], device)?;
        if let Some(forget) = &mut rnn.forget_gate {
            gate(forget, job, [1, 4], device)?;
        }
        gate(&mut rnn.cell_gate, job, [2, 4], device)?;
        gate(&mut rnn.output_gate, job, [3, 4], device)?;
        Ok(Self { rnn, head })
    }
}

#[derive(Module, Debug)]
pub struct GruNet {
    pub rnn: Gru,
    pub head: Linear,
}

impl GruNet {
    pub fn load(job: &Job, device: &Device) -> Result<Self, Failure> {
        let head = linear(job, "head", device)?;
        let mut rnn = GruConfig::new(1, head.weight.dims()[0], true).init(device);
        gate(&mut rnn.reset_gate, job, [0, 3], device)?;
        gate(&mut rnn.update_gate, job, [1, 3], device)?;
        gate(&mut rnn.new_gate, job, [2, 3], device)?;
        Ok(Self { rnn, head })
    }
}

/// Each norm after its residual. Burn's own encoder layer is the same, with modules for dropout in between.
#[derive(Module, Debug)]
pub struct Encoder {
    attention: MultiHeadAttention,
    norm1: LayerNorm,
    linear1: Linear,
    linear2: Linear,
    norm2: LayerNorm,
}

impl Encoder {
    pub fn load(job: &Job, device: &Device) -> Result<Self, Failure> {
        let mut attention = MultiHeadAttentionConfig::new(32, 4).with_dropout(0.0).init(device);
        let (weight, bias) = (job.parameter("self_attn.in_proj_weight")?, job.parameter("self_attn.in_proj_bias")?);
        attention.query = linear_of(&weight.part(0, 3), bias.part(0, 3), device);
        attention.key = linear_of(&weight.part(1, 3), bias.part(1, 3), device);
        attention.value = linear_of(&weight.part(2, 3), bias.part(2, 3), device);
        attention.output = linear(job, "self_attn.out_proj", device)?;
        Ok(Self {
            attention,
            norm1: layer_norm(job, "norm1", device)?,
            linear1: linear(job, "linear1", device)?,
            linear2: linear(job, "linear2", device)?,
            norm2: layer_norm(job, "norm2", device)?,
        })
    }

    pub fn forward(&self, input: Tensor<3>) -> Tensor<3> {
        let attended = self.attention.forward(MhaInput::self_attn(input.clone())).context;
        let hidden = self.norm1.forward(input + attended);
        let fed = self.linear2.forward(relu(self.linear1.forward(hidden.clone())));
        self.norm2.forward(hidden + fed)
    }
}
