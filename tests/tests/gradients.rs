//! Central differences in `f64` through `network!`: every parameter and every input of a network with each layer.

use nn_runtime::bytemuck::{self, Zeroable};
use nn_runtime::init;
use nn_runtime::kernels::{Kernel as _, Portable};
use nn_runtime::network;
use nn_runtime::network::{Network, Parameters, Trainable as _};
use nn_tests::{Step, Value, assert_close, forward};

/// How far a value is moved to either side, and how far the difference may then be from the gradient.
const OFFSET: f64 = 1e-5;
const TOLERANCE: f64 = 1e-7;

/// A batch whose size no tile but 1 divides.
const ROWS: usize = 3;

/// The seed of dropout.
const SEED: u64 = 3;

/// A number of its own for each index, between -1 and 1.
fn number(index: usize) -> f64 {
    ((index as f64 + 1.0) * 12.9898).sin()
}

fn samples<V: Value, const SIZE: usize>(seed: usize, value: impl Fn(f64) -> f64) -> Vec<[V; SIZE]> {
    let sample = |row| std::array::from_fn(|feature| V::from_value(value(number(seed + row * SIZE + feature))));
    (0..ROWS).map(sample).collect()
}

/// A network, a batch, and a weight for each output; the loss is the weighted sum of the outputs.
#[derive(Clone)]
struct Setting<N: Network, const BATCH: usize> {
    network: Box<N>,
    input: Vec<N::Input>,
    weights: Vec<N::Output>,
}

impl<N, V: Value, const IN: usize, const OUT: usize, const BATCH: usize> Setting<N, BATCH>
where
    N: Network<Scalar = f64, Input = [V; IN], Output = [f64; OUT]> + Zeroable + Clone,
{
    fn new(value: impl Fn(f64) -> f64) -> Self {
        let mut network: Box<N> = bytemuck::zeroed_box();
        network.parameters_mut().init(&mut init::rng(7));
        // What starts as 0 or 1 everywhere would hide mistakes; variances stay above 0.
        for (index, parameter) in network.as_mut_slice().iter_mut().enumerate() {
            *parameter += 0.3 * number(index + 1000);
        }
        Self { network, input: samples(0, value), weights: samples(500, |number| number) }
    }

    fn loss(&self) -> f64 {
        let output = forward::<N, BATCH>(Portable, &self.network, &self.input, SEED);
        output.as_flattened().iter().zip(self.weights.as_flattened()).map(|(output, weight)| output * weight).sum()
    }

    /// How the loss changes with a value.
    fn difference(&self, value: impl Fn(&mut Self) -> &mut f64) -> f64 {
        let moved = |offset: f64| {
            let mut moved = self.clone();
            *value(&mut moved) += offset;
            moved.loss()
        };
        (moved(OFFSET) - moved(-OFFSET)) / (2.0 * OFFSET)
    }

    fn check(&self) {
        let Self { network, input, weights } = self;
        let outcome = Step::<N, BATCH> { network, input, grad_output: weights, seed: SEED }.run(Portable);
        let trained =
            || N::Parameters::RUNS.iter().filter(|run| run.is_trained).flat_map(|run| run.start..run.start + run.len);
        let expected: Vec<f64> =
            trained().map(|at| self.difference(|moved| &mut moved.network.as_mut_slice()[at])).collect();
        let actual: Vec<f64> = trained().map(|at| outcome.gradient.as_slice()[at]).collect();
        assert_close(&actual, &expected, TOLERANCE, "gradient of the parameters");
        if N::Parameters::HAS_INPUT_GRADIENT {
            let expected: Vec<f64> = (0..ROWS * IN)
                .map(|at| self.difference(|moved| &mut bytemuck::cast_slice_mut(moved.input.as_mut_slice())[at]))
                .collect();
            assert_close::<f64>(
                bytemuck::cast_slice(&outcome.grad_input),
                &expected,
                TOLERANCE,
                "gradient of the input",
            );
        }
    }
}

network! {
    struct Dense: f64 [5] -> [3] {
        fc1: linear(7), tanh,
        fc2: linear(4, bias = false), relu,
        fc3: linear(3), sigmoid,
    }

    struct Steps: f64 [4, 3] -> [4, 2] {
        linear(5), tanh,
        linear(2),
    }

    struct FirstStates: f64 [4, 3] -> [4, 4] {
        x: tanh,
        last_of_x: last,
        x, narrow(0, 1, 2), flatten, linear(4), states: reshape([2, 2]),
        x, both: lstm(2, bidirectional = true, h_0 = states, c_0 = states),
        states, narrow(0, 0, 1), start: flatten,
        both, before: gru(2, reset_after = false, h_0 = start),
        cells: lstm(3, c_0 = last_of_x),
        plain: rnn(3, h_0 = last_of_x),
        linear(4),
    }

    struct Softmax: f64 [4, 3] -> [4, 5] {
        linear(5), softmax,
        linear(5), softmax(dim = 0),
        linear(5), softmax,
    }

    struct Gates: f64 [3, 8] -> [1, 2] {
        glu,
        conv1d(4, 3, padding = 1), glu(dim = 0),
        linear(4), glu(1),
        glu(-2),
    }

    struct Normalize: f64 [4, 3] -> [4, 5] {
        normalize,
        linear(5), normalize(1, -1),
        linear(5), normalize(p = 3, dim = 1, eps = 0.01),
        linear(5), normalize(eps = 0.1),
    }

    struct LogSoftmax: f64 [6] -> [5] {
        log_softmax,
        linear(6), reshape([3, 2]), log_softmax(0), flatten,
        linear(5), log_softmax,
    }

    struct Activations: f64 [5] -> [3] {
        linear(6), gelu,
        linear(6), silu,
        residual { mish },
        linear(6), softplus(beta = 2.0),
        add { [prelu(6)], [gelu(tanh)], [softsign] },
        linear(3), elu(0.5),
    }

    struct Functions: f64 [5] -> [2, 3] {
        abs, linear(6), square,
        linear(6), exp,
        add { [sqrt], [log] },
        reshape([2, 3]),
    }

    struct Kinks: f64 [2, 5] -> [2, 3] {
        prelu, leaky_relu(negative_slope = -0.3),
        linear(6), hard_swish,
        residual { hard_sigmoid, selu, hard_tanh(max_val = 0.5) },
        linear(4), leaky_relu, relu6,
        linear(3), prelu(2),
    }

    struct Rearranged: f64 [3, 4] -> [2] {
        transpose,
        linear(5), tanh,
        reshape([2, 10]),
        linear(3), transpose,
        flatten,
        linear(2),
    }

    struct Residual: f64 [5] -> [2] {
        residual { linear(5), tanh, residual { linear(5), sigmoid } },
        residual { relu },
        linear(2),
    }

    struct Dropout: f64 [6] -> [3] {
        dropout(0.3),
        linear(9), tanh,
        dropout,
        linear(3),
    }

    struct Convolution: f64 [2, 7, 9] -> [3] {
        conv2d(4, (3, 2), stride = (1, 2), padding = 1, dilation = (2, 1), groups = 2), tanh,
        max_pool2d((2, 3), stride = (2, 1), padding = 1),
        conv2d(3, (2, 3), bias = false), relu,
        flatten,
        linear(3),
    }

    struct Depthwise: f64 [3, 4, 5] -> [3, 4, 5] {
        conv2d(6, 3, padding = 1, groups = 3), sigmoid,
        conv2d(3, 1),
        max_pool2d(3, stride = 1, padding = 1),
    }

    struct Signal: f64 [2, 9] -> [3, 7] {
        conv1d(4, 3, dilation = 2, groups = 2, causal = true), tanh,
        conv1d(3, 4, stride = 2, padding = 1), sigmoid,
        conv_transpose1d(3, 3, padding = 1, output_padding = 1, dilation = 2, bias = false),
        conv1d(3, 2, padding = same),
    }

    struct Pools: f64 [2, 9] -> [6] {
        conv1d(4, 3), tanh,
        concat {
            [max_pool1d(3, stride = 2, padding = 1, dilation = 2), global_avg_pool],
            [avg_pool1d(3, stride = 2, padding = 1, count_include_pad = false), linear(3), global_max_pool],
        },
        linear(6),
    }

    struct ImagePools: f64 [2, 5, 6] -> [4] {
        conv2d(2, 2), tanh,
        avg_pool2d((2, 3), stride = (2, 1), padding = 1),
        concat { [global_max_pool], [global_avg_pool] },
    }

    struct Upsampling: f64 [2, 3, 2] -> [2, 7, 6] {
        conv_transpose2d(4, (3, 2), stride = 2, padding = (1, 0), output_padding = (1, 0), groups = 2), tanh,
        conv_transpose2d(2, (2, 3)),
        conv2d(2, (1, 2), padding = same),
    }

    struct Moved: f64 [2, 3, 4] -> [3] {
        pad([[1, 0], [2, 1]], mode = reflect),
        conv2d(3, (2, 3), padding = [[0, 1], [2, 0]]), tanh,
        permute([1, 2, 0]),
        concat(dim = 2) { [narrow(2, 1, 2)], [permute([0, 1, 2])] },
        pad([[0, 1], [0, 0], [1, 0]], value = 0.5), permute([2, 0, 1]),
        max_pool2d(2, ceil_mode = true),
        upsample((2, 1), mode = bilinear), pad([[1, 1]], mode = replicate),
        avg_pool2d((3, 2), stride = 2, padding = [[0, 1], [1, 0]], ceil_mode = true, count_include_pad = false),
        upsample(2), narrow(1, -3, 2),
        flatten,
        linear(3),
    }

    struct MovedSignal: f64 [2, 7] -> [3, 4] {
        upsample(2, linear, align_corners = true),
        conv_transpose1d(3, 3, stride = 2, padding = [[1, 2]]), tanh,
        avg_pool1d(4, 3, 1, true),
        narrow(0, 1, 2), pad([[1, 0], [0, 1]]),
        max_pool1d(3, padding = [[1, 0]], ceil_mode = true),
    }

    struct Statistics: f64 [4] -> [2] {
        batch_norm1d,
        linear(5),
        batch_norm1d(eps = 0.01), tanh,
        linear(2),
    }

    struct StatisticsOfSteps: f64 [3, 4] -> [3, 5] {
        batch_norm1d,
        linear(5), tanh,
        batch_norm1d,
    }

    struct StatisticsOfImages: f64 [2, 3, 5] -> [3, 2, 4] {
        batch_norm2d,
        conv2d(3, 2), tanh,
        batch_norm2d(momentum = 0.5),
    }

    struct Norms: f64 [3, 4] -> [3, 6] {
        layer_norm,
        linear(6), tanh,
        residual { rms_norm(0.01), linear(6), layer_norm(eps = 0.01) },
        group_norm(3), tanh,
        reshape([9, 2]), group_norm(3), reshape([3, 6]),
        rms_norm,
    }

    struct NormsOfImages: f64 [4, 3, 5] -> [6, 2, 4] {
        group_norm(2),
        conv2d(6, 2),
        residual { group_norm(3, eps = 0.01), tanh, layer_norm },
    }

    struct Positions: f64 [4, 3] -> [5] {
        positional_embedding,
        residual { positional_encoding, linear(3), tanh },
        linear(5),
        add { [mean], [positional_embedding, last], [positional_encoding, tanh, mean] },
    }

    struct Embedding: u8 [4] -> f64 [4, 2] {
        embedding(6, 3),
        linear(2), tanh,
    }

    struct Gru: f64 [4, 3] -> [2] {
        gru(5),
        gru(4, bidirectional = true, reset_after = false),
        gru(3, reset_after = false, activation = sigmoid),
        gru(3, activation = relu),
        flatten,
        linear(2),
    }

    struct Attention: f64 [5, 6] -> [5, 4] {
        residual { multihead_attention(3) },
        multihead_attention(2, causal = true, bias = false), tanh,
        multihead_attention(1, need_weights = true),
        linear(4),
    }

    struct CrossAttention: f64 [5, 6] -> [3, 4] {
        source: linear(8), memory: linear(7),
        source, narrow(0, 1, 3), tanh,
        multihead_attention(4, causal = true, key = memory, num_kv_heads = 2, rotary = interleaved),
        multihead_attention(2, key = source, value = memory, rotary = halves, need_weights = true),
        multihead_attention(8, key = source, num_kv_heads = 1, bias = false),
        linear(4),
    }

    struct Rnn: f64 [4, 3] -> [2] {
        rnn(5),
        rnn(3, nonlinearity = relu, bidirectional = true),
        flatten,
        linear(2),
    }

    struct Lstm: f64 [4, 3] -> [2] {
        lstm(4),
        lstm(3, bidirectional = true),
        lstm(2, activation = sigmoid),
        flatten,
        linear(2),
    }

    struct Values: f64 [4] -> [3] {
        trunk: linear(5),
        left: trunk { tanh, linear(3) },
        right: trunk { sigmoid, linear(3), inner: tanh },
        outer: add { [left], [right], [trunk, linear(3)] },
        both: concat { [outer], [trunk, gelu], [right { silu }] },
        concat { [both], [left] }, linear(3),
    }

    struct Products: f64 [4] -> [3] {
        first: linear(3), second: tanh,
        cubed: mul { [second], [second], [first] },
        mul { [cubed], [first { sigmoid }] },
    }

    struct OfTheInput: f64 [3] -> [3] {
        squared: mul { [], [] },
        sub { [squared], [linear(3), tanh] },
        sub { [squared { relu }], [] },
    }

    struct Broadcasts: f64 [2, 3, 4] -> [2, 3, 4] {
        image: conv2d(2, 3, padding = 1),
        channels: global_avg_pool, linear(2), sigmoid, scale: reshape([2, 1, 1]),
        column: image { conv2d(1, (1, 4)) },
        row: image { conv2d(1, (3, 1)) },
        mul { [scale], [column] },
        outer: sub { [row], [] },
        add { [mul { [image], [scale] }], [outer], [sub { [column], [image] }] },
    }

    struct NothingBefore: f64 [3] -> [4] {
        fixed: tanh,
        linear(3), trained: softplus,
        mul { [fixed], [trained], [sub { [fixed], [trained] }] },
        linear(4),
    }

    /// Images, each taken apart in the same way; dropout has another mask at each.
    struct Frames: f64 [3, 2, 4, 3] -> [3, 4] {
        relu,
        frames: each {
            conv: conv2d(3, kernel_size = (3, 2)), norm: group_norm(1), tanh, dropout(0.3),
            block: residual { conv2d(3, kernel_size = 3, padding = 1), tanh },
            seen: flatten, gate: linear(5), mul { [seen { linear(5) }], [gate, sigmoid] },
        },
        gru(4),
    }

    struct EachOfEach: f64 [2, 3, 4] -> [2, 3, 2] {
        front: each { each { linear(3), tanh }, gru(4), last, reshape([1, 4]) },
        repeat(2) { residual { each { linear(4), tanh } } },
        concat(dim = 1) { [], [each { each { linear(4), softplus } }], [each { tanh, each { linear(4) } }] },
        each { linear(2), softmax },
    }

    /// Two towers that share one network, whose values are compared by their cosine.
    struct Towers: f64 [2, 5] -> [1] {
        towers: each { fc1: linear(7), tanh, fc2: linear(3), normalize(dim = 0) },
        mul { [narrow(0, 0, 1)], [towers { narrow(0, 1, 1) }] },
        flatten, linear(1, bias = false),
    }

    struct EachOfIndices: u8 [3, 2] -> f64 [3, 2] {
        words: each { embedding(6, 4), linear(3), tanh, flatten },
        lstm(2),
    }

    /// The input has no gradient to be passed on before the parameters of the body.
    struct EachAlone: f64 [3, 4] -> [3, 2] { each { linear(2) } }

    struct EachWithoutParameters: f64 [3, 4] -> [3, 2] { each { tanh }, each { reshape([2, 2]), mean }, }

    struct RecurrentBranches: f64 [3, 4] -> [3, 3] {
        residual { lstm(2, bidirectional = true), rnn(4) },
        concat(dim = 1) { [gru(1, bidirectional = true)], [tanh] },
        linear(3),
    }
}

/// `name: the network, the rows of its tiles, what its inputs are made of`
macro_rules! gradients {
    ($($name:ident: $network:ident, $batch:literal, $value:expr;)*) => {$(
        #[test]
        fn $name() {
            Setting::<$network, $batch>::new($value).check();
        }
    )*};
}

gradients! {
    dense: Dense, 2, |number| number;
    dense_single_samples: Dense, 1, |number| number;
    dense_in_one_tile: Dense, 8, |number| number;
    steps: Steps, 2, |number| number;
    first_states: FirstStates, 2, |number| number;
    first_states_of_single_samples: FirstStates, 1, |number| number;
    softmax: Softmax, 2, |number| 2.0 * number;
    gates: Gates, 2, |number| 2.0 * number;
    gates_of_single_samples: Gates, 1, |number| 2.0 * number;
    normalize: Normalize, 2, |number| number;
    normalize_of_single_samples: Normalize, 1, |number| number;
    log_softmax: LogSoftmax, 2, |number| 2.0 * number;
    activations: Activations, 2, |number| number;
    activations_with_kinks: Kinks, 2, |number| 2.0 * number;
    functions: Functions, 2, |number| number;
    rearranged: Rearranged, 2, |number| number;
    residual: Residual, 2, |number| number;
    dropout: Dropout, 2, |number| number;
    convolution: Convolution, 2, |number| number;
    convolution_of_single_samples: Convolution, 1, |number| number;
    depthwise: Depthwise, 2, |number| number;
    signal: Signal, 2, |number| number;
    pools: Pools, 2, |number| number;
    pools_of_single_samples: Pools, 1, |number| number;
    image_pools: ImagePools, 2, |number| number;
    upsampling: Upsampling, 2, |number| number;
    upsampling_of_single_samples: Upsampling, 1, |number| number;
    moved: Moved, 2, |number| number;
    moved_single_samples: Moved, 1, |number| number;
    moved_signal: MovedSignal, 2, |number| number;
    statistics: Statistics, 4, |number| 2.0 * number + 0.5;
    statistics_of_steps: StatisticsOfSteps, 3, |number| 2.0 * number + 0.5;
    statistics_of_images: StatisticsOfImages, 3, |number| 2.0 * number + 0.5;
    norms: Norms, 2, |number| 2.0 * number + 0.5;
    norms_of_single_samples: Norms, 1, |number| 2.0 * number + 0.5;
    norms_of_images: NormsOfImages, 2, |number| 2.0 * number + 0.5;
    positions: Positions, 2, |number| number;
    positions_of_single_samples: Positions, 1, |number| number;
    embedding: Embedding, 2, |number| (3.0 * (number + 1.0)).floor();
    gru: Gru, 2, |number| number;
    gru_of_single_samples: Gru, 1, |number| number;
    attention: Attention, 2, |number| 2.0 * number;
    attention_of_single_samples: Attention, 1, |number| 2.0 * number;
    cross_attention: CrossAttention, 2, |number| 2.0 * number;
    cross_attention_of_single_samples: CrossAttention, 1, |number| 2.0 * number;
    rnn: Rnn, 2, |number| number;
    rnn_of_single_samples: Rnn, 1, |number| number;
    lstm: Lstm, 2, |number| number;
    lstm_of_single_samples: Lstm, 1, |number| number;
    recurrent_branches: RecurrentBranches, 2, |number| number;
    frames: Frames, 2, |number| number;
    frames_of_single_samples: Frames, 1, |number| number;
    each_of_each: EachOfEach, 2, |number| number;
    towers: Towers, 2, |number| number;
    each_of_indices: EachOfIndices, 2, |number| (3.0 * (number + 1.0)).floor();
    each_alone: EachAlone, 2, |number| number;
    each_without_parameters: EachWithoutParameters, 2, |number| number;
    values: Values, 2, |number| number;
    products: Products, 2, |number| number;
    products_of_single_samples: Products, 1, |number| number;
    of_the_input: OfTheInput, 2, |number| number;
    broadcasts: Broadcasts, 2, |number| number;
    broadcasts_of_single_samples: Broadcasts, 1, |number| number;
    nothing_before: NothingBefore, 2, |number| number;
}
