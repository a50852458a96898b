//! The networks of the suite.

use nn_runtime::prelude::network;

network! {
    pub struct Tiny: [2] -> [1] {
        hidden: linear(8), tanh,
        out: linear(1), sigmoid,
    }

    /// The one that `SimpleChains.jl` is timed with.
    pub struct Small: [4] -> [4] {
        fc1: linear(32), tanh,
        fc2: linear(16), tanh,
        out: linear(4),
    }

    pub struct Mlp: [784] -> [10] {
        fc1: linear(128), relu,
        fc2: linear(64), relu,
        out: linear(10),
    }

    pub struct LeNet: [1, 28, 28] -> [10] {
        conv1: conv2d(6, kernel_size = 5), relu, max_pool2d(2),
        conv2: conv2d(16, kernel_size = 5), relu, max_pool2d(2),
        flatten,
        fc1: linear(120), relu,
        fc2: linear(84), relu,
        out: linear(10),
    }

    pub struct Lstm16: [32, 1] -> [32, 1] { rnn: lstm(16), head: linear(1) }

    pub struct Gru16: [32, 1] -> [32, 1] { rnn: gru(16), head: linear(1) }

    pub struct Lstm64: [32, 1] -> [32, 1] { rnn: lstm(64), head: linear(1) }

    /// PyTorch's `TransformerEncoderLayer`: each norm after its residual.
    pub struct Encoder: [16, 32] -> [16, 32] {
        residual { self_attn: multihead_attention(4) },
        norm1: layer_norm,
        residual { linear1: linear(64), relu, linear2: linear(32) },
        norm2: layer_norm,
    }

    /// The one of burn's issue 4811.
    pub struct Regression: [6] -> [4] {
        fc1: linear(64), relu,
        fc2: linear(8), relu,
        out: linear(4),
    }

    /// The one of `tests/tests/rnnoise`, where its spec is explained.
    pub struct RnNoise: { features: [32, 42] } -> { gains: [32, 22], vad: [32, 1] } {
        features, input_dense: linear(24), dense: tanh,
        vad_gru: gru(24, reset_after = false, activation = relu),
        vad_output: linear(1), vad: sigmoid,
        concat(dim = 1) { [dense], [vad_gru], [features] },
        noise_gru: gru(48, reset_after = false, activation = relu),
        concat(dim = 1) { [vad_gru], [noise_gru], [features] },
        denoise_gru: gru(96, reset_after = false, activation = relu),
        denoise_output: linear(22), gains: sigmoid,
    }
}
