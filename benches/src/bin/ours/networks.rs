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

    /// The one of `tests/tests/silero.rs`, where its spec is explained.
    pub struct Silero: [32, 576] -> [32, 1] {
        encoder: each {
            reshape([1, 576]), pad([[0, 64]], mode = reflect),
            stft_conv: conv1d(258, kernel_size = 256, stride = 128, bias = false),
            add { [narrow(0, 0, 129), square], [narrow(0, 129, 129), square] }, sqrt,
            conv1: conv1d(128, kernel_size = 3, padding = 1), relu,
            conv2: conv1d(64, kernel_size = 3, stride = 2, padding = 1), relu,
            conv3: conv1d(64, kernel_size = 3, stride = 2, padding = 1), relu,
            conv4: conv1d(128, kernel_size = 3, padding = 1), relu,
            flatten,
        },
        rnn: lstm(128), relu,
        head: linear(1), sigmoid,
    }

    /// Gated dilated convolutions, as in a model of an amplifier.
    pub struct WaveNet: [1, 128] -> [1, 128] {
        x0: conv1d(32, kernel_size = 1),
        gates1: x0 { conv1d(64, kernel_size = 2, causal = true) },
        made1: mul { [narrow(0, 0, 32), tanh], [narrow(0, 32, 32), sigmoid] },
        skip1: conv1d(32, kernel_size = 1),
        x1: add { [x0], [made1 { conv1d(32, kernel_size = 1) }] },
        gates2: x1 { conv1d(64, kernel_size = 2, dilation = 2, causal = true) },
        made2: mul { [narrow(0, 0, 32), tanh], [narrow(0, 32, 32), sigmoid] },
        skip2: conv1d(32, kernel_size = 1),
        x2: add { [x1], [made2 { conv1d(32, kernel_size = 1) }] },
        gates3: x2 { conv1d(64, kernel_size = 2, dilation = 4, causal = true) },
        made3: mul { [narrow(0, 0, 32), tanh], [narrow(0, 32, 32), sigmoid] },
        skip3: conv1d(32, kernel_size = 1),
        x3: add { [x2], [made3 { conv1d(32, kernel_size = 1) }] },
        gates4: x3 { conv1d(64, kernel_size = 2, dilation = 8, causal = true) },
        made4: mul { [narrow(0, 0, 32), tanh], [narrow(0, 32, 32), sigmoid] },
        skip4: conv1d(32, kernel_size = 1),
        x4: add { [x3], [made4 { conv1d(32, kernel_size = 1) }] },
        gates5: x4 { conv1d(64, kernel_size = 2, dilation = 16, causal = true) },
        made5: mul { [narrow(0, 0, 32), tanh], [narrow(0, 32, 32), sigmoid] },
        skip5: conv1d(32, kernel_size = 1),
        x5: add { [x4], [made5 { conv1d(32, kernel_size = 1) }] },
        gates6: x5 { conv1d(64, kernel_size = 2, dilation = 32, causal = true) },
        made6: mul { [narrow(0, 0, 32), tanh], [narrow(0, 32, 32), sigmoid] },
        skip6: conv1d(32, kernel_size = 1),
        add { [skip1], [skip2], [skip3], [skip4], [skip5], [skip6] }, relu,
        conv1d(1, kernel_size = 1),
    }
}
