//! A network step by step gives what it gives for the whole sequence, and in blocks of steps what it gives step by step.

use nn_runtime::kernels::Isa;
use nn_runtime::network::{IndexError, Pass, Streaming, StreamingLayer};
use nn_runtime::prelude::*;
use nn_runtime::scalar::{Element, Scalar};
use nn_tests::check_blocks;

/// Where the value `row` of step `step` stands in a whole sequence.
type Place = fn(step: usize, row: usize, steps: usize, rows: usize) -> usize;

const STEPS_FIRST: Place = |step, row, _, rows| step * rows + row;
const STEPS_LAST: Place = |step, row, steps, _| row * steps + step;

/// A number of its own for each index, between -1 and 1.
fn number(index: usize) -> f64 {
    ((index as f64 + 1.0) * 12.9898).sin()
}

fn close<T: Scalar>(output: T, expected: T) {
    let tolerance = if T::FRACTION_BITS > 30 { 1e-13 } else { 2e-6 };
    let (output, expected) = (output.to_f64(), expected.to_f64());
    assert!((output - expected).abs() <= tolerance * (1.0 + expected.abs()), "{output} is not {expected}");
}

/// What `predict` and `step` give: numbers, or a result if the input is indices.
trait Given<T> {
    fn given(self) -> T;
}

impl<T: Scalar, const N: usize> Given<Self> for SVector<T, N> {
    fn given(self) -> Self {
        self
    }
}

impl<Made> Given<Made> for Result<Made, IndexError> {
    fn given(self) -> Made {
        self.expect("every index is in range")
    }
}

impl<T: Scalar, const N: usize, const FRAMES: usize> Given<Self> for [[T; N]; FRAMES] {
    fn given(self) -> Self {
        self
    }
}

/// Declares a network in `f32` and in `f64` and compares its steps with the whole sequence, twice with a reset in between, and blocks
/// with steps:
/// `name: [input] steps in -> [output] out { stages }`, where `in` and `out` are where time stands, or `last` where it has
/// ended.
macro_rules! streams {
    ($($name:ident: [$($input:tt)*] $from:ident -> [$($output:tt)*] $to:tt $stages:tt)*) => {$(
        mod $name {
            mod single {
                streams!(@network [f32 [$($input)*]] f32 f32 [$($output)*] $stages $from $to);
            }
            mod double {
                streams!(@network [f64 [$($input)*]] f64 f64 [$($output)*] $stages $from $to);
            }
        }
    )*};
    ($($name:ident: $index:ident [$($input:tt)*] $from:ident -> [$($output:tt)*] $to:tt $stages:tt)*) => {$(
        mod $name {
            mod single {
                streams!(@network [$index [$($input)*]] $index f32 [$($output)*] $stages $from $to);
            }
            mod double {
                streams!(@network [$index [$($input)*]] $index f64 [$($output)*] $stages $from $to);
            }
        }
    )*};
    (@network [$($input:tt)*] $element:ident $scalar:ident $output:tt $stages:tt $from:ident $to:tt) => {
        use crate::*;

        network! {
            struct Net: $($input)* -> $scalar $output $stages
        }

        /// A network with values of its own, up to twice `more` above those that are drawn: variances stay positive.
        fn network(more: f64) -> Net {
            let mut network = Net::new(&mut rng(3));
            for (at, value) in network.as_mut_slice().iter_mut().enumerate() {
                *value += (more * (1.0 + number(at))) as $scalar;
            }
            network
        }

        /// Blocks and steps in turns, against a network that only takes steps.
        #[test]
        fn blocks_are_the_steps() {
            let network = network(0.05); // a memory that grows would let rounding grow
            let (mut state, mut of_steps, mut workspace) =
                (NetState::ZERO, NetState::ZERO, NetBlockWorkspace::<64>::boxed());
            let size = frame_size(&network);
            let frame = |step: usize| SVector::from_fn(|row, _| {
                let at = step * size + row;
                streams!(@value $element at)
            });
            let mut done = 0;
            macro_rules! block {
                ($frames:literal, $made:expr) => {
                    for (row, made) in $made.given().iter().enumerate() {
                        let expected = network.step(&mut of_steps, &frame(done + row)).given();
                        assert_eq!(made.len(), expected.len());
                        made.iter().zip(&expected).for_each(|(output, expected)| close(*output, *expected));
                    }
                    done += $frames;
                };
            }
            for _ in 0..2 {
                let frames: [_; 7] = std::array::from_fn(|row| frame(done + row));
                block!(7, network.step_block(&mut state, &frames));
                block!(1, network.step_block::<1>(&mut state, &[frame(done)]));
                let frames: [_; 64] = std::array::from_fn(|row| frame(done + row));
                block!(64, network.step_block_in(&mut state, &frames, &mut workspace));
                for _ in 0..3 {
                    let made = network.step(&mut state, &frame(done)).given();
                    block!(1, [<[_; _]>::from(made)]);
                }
                block!(16, network.step_block::<16>(&mut state, &std::array::from_fn(|row| frame(done + row))));
            }
        }

        #[test]
        fn steps_are_the_sequence() {
            let network = network(0.2);
            let input = SVector::from_fn(|at, _| streams!(@value $element at));
            let whole = network.predict(&input).given();
            let mut state = NetState::ZERO;
            let frame = frame_size(&network);
            let steps = input.len() / frame;
            for _ in 0..2 {
                for step in 0..steps {
                    let output = network
                        .step(&mut state, &SVector::from_fn(|row, _| input[$from(step, row, steps, frame)]))
                        .given();
                    streams!(@compare $to output whole step steps);
                }
                state.reset();
            }
        }
    };
    (@value u16 $at:ident) => {
        ($at * 5 % 6) as u16
    };
    (@value $scalar:ident $at:ident) => {
        number($at) as $scalar
    };
    (@compare last $made:ident $whole:ident $step:ident $steps:ident) => {
        if $step + 1 == $steps {
            assert_eq!($made.len(), $whole.len());
            $made.iter().zip(&$whole).for_each(|(output, expected)| close(*output, *expected));
        }
    };
    (@compare $to:ident $made:ident $whole:ident $step:ident $steps:ident) => {
        assert_eq!($made.len() * $steps, $whole.len());
        for (row, output) in $made.iter().enumerate() {
            close(*output, $whole[$to($step, row, $steps, $made.len())]);
        }
    };
}

/// How many values a frame of the input has.
fn frame_size<N: Streaming<Frame = [E; SIZE]>, E: Element, const SIZE: usize>(_: &N) -> usize {
    SIZE
}

streams! {
    rnn: [5, 3] STEPS_FIRST -> [5, 4] STEPS_FIRST { rnn(4) }
    rnn_relu: [5, 1] STEPS_FIRST -> [5, 9] STEPS_FIRST { rnn(9, nonlinearity = relu) }
    gru: [6, 3] STEPS_FIRST -> [6, 5] STEPS_FIRST { gru(5) }
    gru_reset_before: [6, 3] STEPS_FIRST -> [6, 5] STEPS_FIRST { gru(5, reset_after = false) }
    gru_of_relu: [9, 3] STEPS_FIRST -> [9, 24] STEPS_FIRST { gru(24, reset_after = false, activation = relu) }
    lstm_of_sigmoid: [4, 3] STEPS_FIRST -> [4, 5] STEPS_FIRST { lstm(5, activation = sigmoid) }
    lstm: [7, 2] STEPS_FIRST -> [7, 17] STEPS_FIRST { lstm(17) }
    one_step: [1, 3] STEPS_FIRST -> [1, 4] STEPS_FIRST { lstm(4) }
    nested: [5, 3] STEPS_FIRST -> [5, 2] STEPS_FIRST {
        linear(4), tanh,
        block: residual { memory: gru(4), inner: residual { lstm(4), dropout(0.5), gelu } },
        repeat(2) { add { [rnn(4)], [], [linear(4), softmax] } },
        concat(dim = 1) { [lstm(1)], [], [gru(2), prelu] },
        linear(2), log_softmax,
    }
    inside_out: [4, 3] STEPS_FIRST -> [3, 4] STEPS_LAST { transpose, batch_norm1d, transpose, lstm(3), tanh, transpose, relu }
    channels: [3, 5] STEPS_LAST -> [6, 5] STEPS_LAST {
        batch_norm1d,
        prelu(3),
        concat { [tanh], [transpose, gru(3), transpose] },
    }
    filter: [2, 9] STEPS_LAST -> [3, 9] STEPS_LAST {
        conv1d(4, kernel_size = 3, causal = true), tanh,
        residual { conv1d(4, kernel_size = 2, dilation = 3, groups = 2, causal = true), batch_norm1d },
        conv1d(3, kernel_size = 1, bias = false),
    }
    filter_of_features: [6, 3] STEPS_FIRST -> [6, 2] STEPS_FIRST {
        linear(4),
        transpose, conv1d(5, kernel_size = 4, causal = true), transpose,
        lstm(2),
    }
    classifier: [5, 3] STEPS_FIRST -> [2] last {
        lstm(6), layer_norm, gru(4), rms_norm,
        last,
        residual { linear(4), relu }, batch_norm1d, linear(2), softmax,
    }
    classifier_of_signals: [2, 7] STEPS_LAST -> [3] last {
        conv1d(4, kernel_size = 3, causal = true), batch_norm1d, relu,
        transpose, last, reshape([2, 2]), transpose, flatten, linear(3),
    }
    parts: [4, 5] STEPS_FIRST -> [4, 7] STEPS_FIRST {
        narrow(1, 1, 3), permute([1, 0]), pad([[1, 2], [0, 0]], mode = reflect), permute([1, 0]),
        concat(dim = 1) { [narrow(-1, -2, 2), pad([[1, 0]], value = 0.5)], [rnn(4)] },
    }
    channels_of_parts: [5, 4] STEPS_LAST -> [4, 4] STEPS_LAST {
        narrow(0, 2, 3),
        conv1d(3, kernel_size = 2, padding = [[1, 0]]),
        pad([[0, 1], [0, 0]], replicate),
    }
    functions: [4, 3] STEPS_FIRST -> [4, 3] STEPS_FIRST { square, exp, log, abs, sqrt }
    gates: [5, 3] STEPS_FIRST -> [5, 2] STEPS_FIRST { linear(4), glu }
    gates_of_channels: [2, 9] STEPS_LAST -> [3, 9] STEPS_LAST { conv1d(6, kernel_size = 2, causal = true), glu(dim = 0) }
    shares_of_channels: [2, 9] STEPS_LAST -> [4, 9] STEPS_LAST {
        conv1d(4, kernel_size = 2, causal = true), softmax(dim = 0), log_softmax(-2),
    }
    norms: [5, 3] STEPS_FIRST -> [5, 4] STEPS_FIRST { linear(4), normalize(dim = 1), normalize(1, dim = -1) }
    norms_of_channels: [2, 9] STEPS_LAST -> [4, 9] STEPS_LAST {
        conv1d(4, kernel_size = 2, causal = true), normalize, normalize(p = 3),
    }
    nothing: [3, 5] STEPS_FIRST -> [3, 5] STEPS_FIRST { dropout(0.5), reshape([3, 5]) }
    wavenet: [1, 17] STEPS_LAST -> [1, 17] STEPS_LAST {
        front: conv1d(4, 1),
        z1: mul { [conv1d(4, 2, causal = true), tanh], [conv1d(4, 2, causal = true), sigmoid] },
        skip1: conv1d(3, 1),
        x1: add { [front], [z1, conv1d(4, 1)] },
        z2: mul { [conv1d(4, 2, dilation = 2, causal = true), tanh], [conv1d(4, 2, dilation = 2, causal = true), sigmoid] },
        skip2: conv1d(3, 1),
        x2: add { [x1], [z2, conv1d(4, 1)] },
        add { [skip1], [skip2], [x2 { conv1d(1, 1) }] }, relu,
        conv1d(1, 1),
    }
    scaled_by_step: [5, 3] STEPS_FIRST -> [5, 4] STEPS_FIRST {
        memory: gru(4),
        gate: memory { linear(1), sigmoid },
        bias: memory { lstm(1) },
        sub { [mul { [gate], [memory] }], [bias] },
    }
    scaled_channels: [3, 5] STEPS_LAST -> [3, 5] STEPS_LAST {
        memory: conv1d(3, 2, causal = true),
        mul { [conv1d(1, 1)], [] },
    }
    ended_and_whole: [5, 3] STEPS_FIRST -> [3] last {
        memory: gru(3),
        add { [last], [memory { lstm(3), last, tanh }] },
        scale: linear(1),
        mul { [scale], [memory { last }] },
    }
    frames: [5, 2, 4, 3] STEPS_FIRST -> [5, 3] STEPS_FIRST {
        relu, residual { dropout(0.5) },
        each { conv2d(3, kernel_size = 3, padding = 1), group_norm(3), relu, flatten, linear(4), tanh },
        gru(3),
    }
    frames_in_branches: [4, 3, 2] STEPS_FIRST -> [4, 6, 2] STEPS_FIRST {
        softmax, softmax(dim = 1),
        concat(dim = 1) { [each { gru(2) }], [] },
    }
    each_step: [5, 3] STEPS_FIRST -> [4] last {
        each { linear(4), tanh, residual { linear(4) } },
        lstm(4), last, reshape([2, 2]), each { linear(2) }, flatten,
    }
    each_of_each: [3, 4, 2] STEPS_FIRST -> [3, 4, 2] STEPS_FIRST { residual { each { each { linear(2), tanh } } } }
    each_of_samples: [1, 3] STEPS_LAST -> [1, 3] STEPS_LAST { transpose, each { linear(1), tanh }, transpose }
    the_input_twice: [4, 2] STEPS_FIRST -> [4, 4] STEPS_FIRST { concat(dim = 1) { [], [] } }
}

streams! {
    windows: u16 [5, 3] STEPS_FIRST -> [5, 3] STEPS_FIRST { each { embedding(6, 4), lstm(3), last }, gru(3) }
    words: u16 [5] STEPS_FIRST -> [5, 3] STEPS_FIRST { embedding(6, 4), lstm(3) }
}

layer! {
    /// What is left of all steps so far, of 4 steps with 2 features.
    struct Sum;
}

impl Layer<8, 8> for Sum {
    type Cache<const BATCH: usize> = ();

    fn forward<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input: &SMatrix<f32, BATCH, 8>,
        output: &mut SMatrix<f32, BATCH, 8>,
        _cache: &mut (),
        _pass: Pass,
    ) {
        output.copy_from(input);
    }

    fn backward_input<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        input_then_grad: &mut SMatrix<f32, BATCH, 8>,
        _cache: &mut (),
        grad_output: &SMatrix<f32, BATCH, 8>,
        _pass: Pass,
    ) {
        input_then_grad.copy_from(grad_output);
    }
}

impl StreamingLayer<2, 2> for Sum {
    type State = SVector<f32, 2>;

    fn step<I: Isa>(
        &self,
        _isa: I,
        frame: &SMatrix<f32, 1, 2>,
        output: &mut SMatrix<f32, 1, 2>,
        state: &mut SVector<f32, 2>,
    ) {
        *state = *state * 0.75 + frame.transpose();
        output.copy_from(&state.transpose());
    }
}

layer! {
    /// Half of each value.
    struct Halve;
}

impl Activation for Halve {
    fn value<I: Isa, T: Scalar>(_isa: I, input: T) -> T {
        input * T::from_f64(0.5)
    }

    fn derivative<I: Isa, T: Scalar>(_isa: I, _input: T) -> T {
        T::from_f64(0.5)
    }
}

network! {
    /// Frozen stages.
    struct Frozen: [4, 2] -> [4, 3] {
        #[frozen] memory: lstm(3),
        linear(3),
    }

    struct Inner: [4, 2] -> [4, 2] { memory: gru(3), linear(2) }

    struct Filter: [4, 2] -> [4, 2] { transpose, #[frozen] conv1d(2, 3, causal = true), transpose, linear(2) }

    struct Outer: [4, 2] -> [4, 2] {
        sum: Sum -> [4, 2],
        Halve -> [4, 2],
        inner: Inner,
        residual { Filter, Halve -> [4, 2] },
    }

    struct Tokens: u16 [8] -> [8, 2] {
        embedding(6, 3),
        gru(2),
    }
}

#[test]
fn frozen_parameters_are_those_of_the_caller() {
    let (network, mut frozen) = (Frozen::new(&mut rng(1)), FrozenFrozen::ZERO);
    frozen.init(&mut rng(2));
    let input = SVector::<f32, 8>::from_fn(|at, _| number(at) as f32);
    let network = network.with_frozen(&frozen);
    let whole = network.predict(&input);
    let mut state = FrozenState::ZERO;
    for step in 0..4 {
        let output = network.step(&mut state, &input.fixed_rows::<2>(2 * step).into_owned());
        output.iter().zip(whole.iter().skip(3 * step)).for_each(|(output, expected)| close(*output, *expected));
    }
}

#[test]
fn blocks_have_frozen_parameters() {
    let (network, mut frozen) = (Frozen::new(&mut rng(1)), FrozenFrozen::ZERO);
    frozen.init(&mut rng(2));
    let network = network.with_frozen(&frozen);
    let (mut blocks, mut steps) = (FrozenState::ZERO, FrozenState::ZERO);
    let frames: [[f32; 2]; 9] = std::array::from_fn(|step| [2 * step, 2 * step + 1].map(|at| number(at) as f32));
    let mut workspace = FrozenBlockWorkspace::ZERO;
    for made in [network.step_block(&mut blocks, &frames), network.step_block_in(&mut blocks, &frames, &mut workspace)]
    {
        for (frame, made) in frames.iter().zip(made) {
            let expected = network.step(&mut steps, frame);
            made.iter().zip(&expected).for_each(|(output, expected)| close(*output, *expected));
        }
    }
}

/// Layers of one's own: one that remembers, whose block is its steps, and a function of each value; and networks as stages, one of
/// them with frozen parameters.
#[test]
fn blocks_go_through_stages_from_elsewhere() {
    let (mut network, mut frozen) = (Outer::ZERO, OuterFrozen::ZERO);
    network.init(&mut rng(1));
    frozen.init(&mut rng(2));
    check_blocks(&network, &frozen, 1e-6, "Outer");
}

#[test]
fn an_index_out_of_range_leaves_the_state() {
    let network = Tokens::new(&mut rng(1));
    let (mut state, mut other) = (TokensState::ZERO, TokensState::ZERO);
    let error = network.step(&mut state, &SVector::from([6])).expect_err("there are 6 embeddings");
    let IndexError { index, position, bound, .. } = error;
    assert_eq!([index, position, bound], [6, 0, 6]);
    let error = network.step_block(&mut state, &[[1_u16], [5], [7], [6]]).expect_err("there are 6 embeddings");
    assert_eq!((error.index, error.position, error.step), (7, 0, Some(2)));
    let outputs = [&mut state, &mut other].map(|state| network.step(state, &SVector::from([5])));
    assert_eq!(outputs[0], outputs[1]);
}
