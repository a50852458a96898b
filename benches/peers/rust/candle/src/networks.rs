//! The networks as a user of candle writes them.

use candle_core::{D, IndexOp, Module, Result, Tensor};
use candle_nn::ops::{sigmoid, softmax, softmax_last_dim};
use candle_nn::rnn::{GRUState, LSTMState};
use candle_nn::{Conv2d, GRU, LSTM, LayerNorm, Linear, RNN, VarBuilder, conv2d, gru, layer_norm, linear, lstm};

pub struct Tiny {
    hidden: Linear,
    out: Linear,
}

impl Tiny {
    pub fn load(parameters: &VarBuilder) -> Result<Self> {
        Ok(Self { hidden: linear(2, 8, parameters.pp("hidden"))?, out: linear(8, 1, parameters.pp("out"))? })
    }

    pub fn forward(&self, input: &Tensor) -> Result<Tensor> {
        sigmoid(&self.out.forward(&self.hidden.forward(input)?.tanh()?)?)
    }
}

/// Three dense layers of the sizes `[IN, A, B, OUT]`.
pub struct Dense {
    fc1: Linear,
    fc2: Linear,
    out: Linear,
}

impl Dense {
    pub fn load(sizes: [usize; 4], parameters: &VarBuilder) -> Result<Self> {
        Ok(Self {
            fc1: linear(sizes[0], sizes[1], parameters.pp("fc1"))?,
            fc2: linear(sizes[1], sizes[2], parameters.pp("fc2"))?,
            out: linear(sizes[2], sizes[3], parameters.pp("out"))?,
        })
    }

    pub fn relu(&self, input: &Tensor) -> Result<Tensor> {
        self.out.forward(&self.fc2.forward(&self.fc1.forward(input)?.relu()?)?.relu()?)
    }

    pub fn tanh(&self, input: &Tensor) -> Result<Tensor> {
        self.out.forward(&self.fc2.forward(&self.fc1.forward(input)?.tanh()?)?.tanh()?)
    }
}

pub struct LeNet {
    conv1: Conv2d,
    conv2: Conv2d,
    dense: Dense,
}

impl LeNet {
    pub fn load(parameters: &VarBuilder) -> Result<Self> {
        Ok(Self {
            conv1: conv2d(1, 6, 5, candle_nn::Conv2dConfig::default(), parameters.pp("conv1"))?,
            conv2: conv2d(6, 16, 5, candle_nn::Conv2dConfig::default(), parameters.pp("conv2"))?,
            dense: Dense::load([256, 120, 84, 10], parameters)?,
        })
    }

    pub fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let maps = self.conv1.forward(input)?.relu()?.max_pool2d(2)?;
        let maps = self.conv2.forward(&maps)?.relu()?.max_pool2d(2)?;
        self.dense.relu(&maps.flatten_from(1)?)
    }
}

/// A recurrent layer and a head.
pub struct Recurrent<R> {
    pub rnn: R,
    pub head: Linear,
}

impl Recurrent<LSTM> {
    pub fn lstm(hidden: usize, parameters: &VarBuilder) -> Result<Self> {
        let rnn = lstm(1, hidden, candle_nn::LSTMConfig::default(), parameters.pp("rnn"))?;
        Ok(Self { rnn, head: linear(hidden, 1, parameters.pp("head"))? })
    }
}

impl Recurrent<GRU> {
    pub fn gru(hidden: usize, parameters: &VarBuilder) -> Result<Self> {
        let rnn = gru(1, hidden, candle_nn::GRUConfig::default(), parameters.pp("rnn"))?;
        Ok(Self { rnn, head: linear(hidden, 1, parameters.pp("head"))? })
    }
}

impl<R: RNN<State: Hidden>> Recurrent<R> {
    /// Not by `states_to_tensor`: that of GRU forgets that there are steps.
    pub fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let states = self.rnn.seq(input)?;
        let hidden: Vec<_> = states.iter().map(Hidden::hidden).collect();
        self.head.forward(&Tensor::stack(&hidden, 1)?)
    }
}

/// What of a recurrent layer's state is its output.
pub trait Hidden {
    fn hidden(&self) -> &Tensor;
}

impl Hidden for LSTMState {
    fn hidden(&self) -> &Tensor {
        self.h()
    }
}

impl Hidden for GRUState {
    fn hidden(&self) -> &Tensor {
        self.h()
    }
}

/// Each norm after its residual.
pub struct Encoder {
    in_proj: Linear,
    out_proj: Linear,
    norm1: LayerNorm,
    linear1: Linear,
    linear2: Linear,
    norm2: LayerNorm,
    training: bool,
}

impl Encoder {
    pub fn load(training: bool, parameters: &VarBuilder) -> Result<Self> {
        let attention = parameters.pp("self_attn");
        let in_proj = Linear::new(attention.get((96, 32), "in_proj_weight")?, Some(attention.get(96, "in_proj_bias")?));
        Ok(Self {
            in_proj,
            out_proj: linear(32, 32, attention.pp("out_proj"))?,
            norm1: layer_norm(32, 1e-5, parameters.pp("norm1"))?,
            linear1: linear(32, 64, parameters.pp("linear1"))?,
            linear2: linear(64, 32, parameters.pp("linear2"))?,
            norm2: layer_norm(32, 1e-5, parameters.pp("norm2"))?,
            training,
        })
    }

    pub fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let hidden = self.norm(&self.norm1, &(input + self.attention(input)?)?)?;
        let fed = self.linear2.forward(&self.linear1.forward(&hidden)?.relu()?)?;
        self.norm(&self.norm2, &(hidden + fed)?)
    }

    fn attention(&self, input: &Tensor) -> Result<Tensor> {
        let (batch, steps, width) = input.dims3()?;
        let heads = self.in_proj.forward(input)?.reshape((batch, steps, 3, 4, width / 4))?.permute((2, 0, 3, 1, 4))?;
        let (query, key, value) = (heads.i(0)?.contiguous()?, heads.i(1)?.contiguous()?, heads.i(2)?.contiguous()?);
        let scores = (query.matmul(&key.t()?)? * (4.0 / width as f64).sqrt())?;
        let weights = if self.training { softmax(&scores, D::Minus1)? } else { softmax_last_dim(&scores)? };
        let context = weights.matmul(&value)?.transpose(1, 2)?.reshape((batch, steps, width))?;
        self.out_proj.forward(&context)
    }

    /// Candle's fused norm has no gradient: its parameters would stay as they are, and all before it too.
    fn norm(&self, norm: &LayerNorm, input: &Tensor) -> Result<Tensor> {
        if !self.training {
            return norm.forward(input);
        }
        let centred = input.broadcast_sub(&input.mean_keepdim(D::Minus1)?)?;
        let deviation = (centred.sqr()?.mean_keepdim(D::Minus1)? + norm.eps())?.sqrt()?;
        let scaled = centred.broadcast_div(&deviation)?.broadcast_mul(norm.weight())?;
        norm.bias().map_or(Ok(scaled.clone()), |bias| scaled.broadcast_add(bias))
    }
}
