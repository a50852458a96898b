//! Networks with several inputs and outputs against PyTorch: outputs, every gradient, and ten training steps, part by part.

use nn_runtime::bytemuck::{self, Zeroable};
use nn_runtime::kernels::{Isa, Kernel, dispatch};
use nn_runtime::loss::needs::Fits;
use nn_runtime::loss::{Loss, Scaled, Unchecked};
use nn_runtime::network::{Parameters, Pass, Restore, Row, Tile};
use nn_runtime::optim::Optimizer;
use nn_runtime::prelude::*;
use nn_runtime::train::ReportOf;
use nn_tests::{Case, Precision, assert_close, assert_digests, fill_network, rows_of, values_of};

/// Declares a network in both precisions.
macro_rules! networks {
    ($($single:ident, $double:ident: { $($input:tt)* } [$($input_of_double:tt)*] -> { $($output:tt)* } [$($output_of_double:tt)*] $stages:tt)*) => {
        network! {
            $(
                struct $single: { $($input)* } -> { $($output)* } $stages
                struct $double: { $($input_of_double)* } -> { $($output_of_double)* } $stages
            )*
        }
    };
}

networks! {
    Pilot, PilotDouble: { image: [1, 6, 6], speed: [3], station: u16 [1] } [image: f64 [1, 6, 6], speed: f64 [3], station: u16 [1]]
        -> { steering: [1], brake: [4] } [steering: f64 [1], brake: f64 [4]] {
        image, conv: conv2d(2, kernel_size = 3), relu, flatten, seen: linear(5),
        station, table: embedding(7, 3), place: flatten,
        concat { [seen], [speed], [place] }, hidden: linear(6), trunk: relu,
        steer: linear(1), steering: tanh,
        trunk, brake: linear(4),
    }
    ActorCritic, ActorCriticDouble: { state: [4] } [state: f64 [4]]
        -> { policy: [2], value: [1] } [policy: f64 [2], value: f64 [1]] {
        hidden: linear(8), trunk: tanh,
        policy: linear(2),
        trunk, value: linear(1),
    }
    Film, FilmDouble: { signal: [2, 7], condition: [3] } [signal: f64 [2, 7], condition: f64 [3]]
        -> { made: [1, 7] } [made: f64 [1, 7]] {
        signal, conv1: conv1d(4, kernel_size = 3, padding = 1),
        condition, scale: linear(4), factors: reshape([4, 1]),
        condition, shift: linear(4), terms: reshape([4, 1]),
        add { [mul { [conv1], [factors] }], [terms] }, relu,
        made: conv1d(1, kernel_size = 3, padding = 1),
    }
    Rnnoise, RnnoiseDouble: { features: [5, 42] } [features: f64 [5, 42]]
        -> { gains: [5, 22], vad: [5, 1] } [gains: f64 [5, 22], vad: f64 [5, 1]] {
        features, input_dense: linear(24), dense: tanh,
        vad_gru: gru(24, reset_after = false, activation = relu),
        vad_output: linear(1), vad: sigmoid,
        concat(dim = 1) { [dense], [vad_gru], [features] }, noise_gru: gru(48, reset_after = false, activation = relu),
        concat(dim = 1) { [vad_gru], [noise_gru], [features] }, denoise_gru: gru(96, reset_after = false, activation = relu),
        denoise_output: linear(22), gains: sigmoid,
    }
    FaceDetector, FaceDetectorDouble: { image: [3, 13, 17] } [image: f64 [3, 13, 17]]
        -> { boxes: [68, 4], scores: [68, 2] } [boxes: f64 [68, 4], scores: f64 [68, 2]] {
        image, stem: conv2d(4, kernel_size = 3, stride = 2, padding = 1), relu,
        max_pool2d(2, ceil_mode = true),
        near_depth: conv2d(4, kernel_size = 3, padding = 1, groups = 4), relu,
        near_point: conv2d(6, kernel_size = 1), near: relu,
        max_pool2d(3, stride = 2, padding = 1, ceil_mode = true),
        far_depth: conv2d(6, kernel_size = 3, stride = 2, padding = 1, groups = 6), relu,
        far_point: conv2d(8, kernel_size = 1), far: relu,
        near, near_boxes: conv2d(12, kernel_size = 3, padding = 1), permute([1, 2, 0]), fine_boxes: reshape([60, 4]),
        far, far_boxes: conv2d(8, kernel_size = 3, padding = 1), permute([1, 2, 0]), coarse_boxes: reshape([8, 4]),
        boxes: concat { [fine_boxes], [coarse_boxes] },
        near, near_scores: conv2d(6, kernel_size = 3, padding = 1), permute([1, 2, 0]), fine_scores: reshape([60, 2]),
        far, far_scores: conv2d(4, kernel_size = 3, padding = 1), permute([1, 2, 0]), coarse_scores: reshape([8, 2]),
        scores: concat { [fine_scores], [coarse_scores] },
    }
    Packed, PackedDouble: { sequence: [5, 3], length: u8 [1] } [sequence: f64 [5, 3], length: u8 [1]]
        -> { tags: [5, 4], kind: [3] } [tags: f64 [5, 4], kind: f64 [3]] {
        sequence, both: lstm(2, bidirectional = true, length = length),
        one: gru(3, length = length),
        end: last(length = length),
        one, again: gru(3, h_0 = end, length = length),
        plain: rnn(2, bidirectional = true, length = length),
        middle: mean(length = length),
        one, tags: linear(4),
        concat { [end], [middle] }, kind: linear(3),
    }
    States, StatesDouble: { signal: [4, 3], hidden: [2], cell: [4] } [signal: f64 [4, 3], hidden: f64 [2], cell: f64 [4]]
        -> { made: [4, 1] } [made: f64 [4, 1]] {
        hidden, start: linear(3),
        signal, first: gru(3, h_0 = start),
        cell, cells: reshape([2, 2]),
        cells, second: narrow(0, 0, 1),
        concat { [hidden { reshape([1, 2]) }], [second] }, hiddens: flatten, states: reshape([2, 2]),
        first, both: lstm(2, bidirectional = true, h_0 = states, c_0 = cells),
        plain: rnn(2, h_0 = hidden),
        made: linear(1),
    }
}

networks! {
    EncoderDecoder, EncoderDecoderDouble: { source: [7, 8], length: u16 [1], target: u8 [5] }
        [source: f64 [7, 8], length: u16 [1], target: u8 [5]] -> { logits: [5, 11] } [logits: f64 [5, 11]] {
        encoder: source {
            residual { self_attn: multihead_attention(2, key_length = length) }, norm1: layer_norm,
            residual { linear1: linear(16), relu, linear2: linear(8) }, norm2: layer_norm,
        },
        target, table: embedding(11, 8),
        decoder: table {
            residual { self_attn: multihead_attention(4, causal = true) }, norm1: layer_norm,
            residual { multihead_attn: multihead_attention(4, key = encoder, key_length = length) }, norm2: layer_norm,
            residual { linear1: linear(16), relu, linear2: linear(8) }, norm3: layer_norm,
        },
        out: linear(11),
        logits: out,
    }
    PaddedAttention, PaddedAttentionDouble: { x: [5, 6], length: u8 [1], y: [7, 4] }
        [x: f64 [5, 6], length: u8 [1], y: f64 [7, 4]] -> { made: [7, 4] } [made: f64 [7, 4]] {
        x, both: multihead_attention(2, key_length = length),
        past: multihead_attention(3, causal = true, key_length = length),
        y, of_past: multihead_attention(2, key = past, key_length = length),
        wide: multihead_attention(1, causal = true, key = x, key_length = length),
        made: wide,
    }
}

/// The rows of a tile, the last of which is padding.
const BATCH: usize = 4;

/// The gradients of a mini-batch's loss with respect to its inputs.
struct InputGradients<'a, N: Network, L, Target> {
    network: &'a N,
    loss: &'a L,
    inputs: &'a [N::Input],
    targets: &'a [Target],
}

impl<N: Network, L: Loss<Target, N::Output, N::Scalar>, Target> Kernel for InputGradients<'_, N, L, Target> {
    type Output = Vec<N::Input>;

    fn run<I: Isa>(self, isa: I) -> Vec<N::Input> {
        let Self { network, loss, inputs, targets } = self;
        let (parameters, frozen) = network.parts();
        let rows: [&N::Input; BATCH] = std::array::from_fn(|row| inputs.get(row).unwrap_or(&inputs[0]));
        let mut tile: Box<Tile<N::Input, BATCH>> = bytemuck::zeroed_box();
        N::Input::fill(isa, &rows, &mut tile);
        let mut workspace: Box<<N::Parameters as Parameters>::Workspace<BATCH>> = bytemuck::zeroed_box();
        let pass = Pass::training(0, inputs.len() as u32);
        parameters.forward_with(isa, frozen, &tile, &mut workspace, pass);
        let targets: Vec<&Target> = targets.iter().collect();
        let mut sums = vec![0.0; N::OUTPUTS.len()];
        for target in &targets {
            let mut weights = vec![0.0; sums.len()];
            loss.weight_each(target, &mut weights);
            sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
        }
        let scales: Vec<f64> = sums.into_iter().map(f64::recip).collect();
        let output = N::Parameters::output_then_grad(&mut workspace);
        loss.loss_and_gradient_each(isa, output, &targets, &scales, &mut vec![0.0; N::OUTPUTS.len()]);
        let mut gradient: Box<N::Parameters> = bytemuck::zeroed_box();
        parameters.backward_with(isa, frozen, &tile, &mut workspace, &mut gradient, pass);
        parameters.backward_input_with(isa, frozen, &mut tile, &mut workspace, pass);
        let row = |row: usize| {
            let mut found: N::Input = inputs[row];
            found.copy_from_tile(&tile, row);
            found
        };
        (0..inputs.len()).map(row).collect()
    }
}

/// The values of a part of rows, one row behind the other.
type Part<R, T> = (&'static str, fn(&R) -> &[T]);

struct Golden<'a, N: Network, O, L, Target> {
    name: &'static str,
    optimizer: O,
    loss: L,
    inputs: &'a dyn Fn(&Case) -> Vec<N::Input>,
    targets: &'a dyn Fn(&Case) -> Vec<Target>,
    input_parts: &'a [Part<N::Input, N::Scalar>],
    output_parts: &'a [Part<N::Output, N::Scalar>],
    losses: fn(&ReportOf<N>) -> Vec<f64>,
}

impl<N, O, L, Target> Golden<'_, N, O, L, Target>
where
    N: Restore + Zeroable + Predict<Scalar: Precision>,
    O: Optimizer<N::Scalar>,
{
    fn check<Needs: Fits<N::Ending>>(&self)
    where
        L: Loss<Target, N::Output, N::Scalar, Needs>,
    {
        let (case, golden) = (Case::read(self.name), N::Scalar::GOLDEN);
        let mut network: Box<N> = bytemuck::zeroed_box();
        fill_network(&mut *network);
        let (inputs, targets) = ((self.inputs)(&case), (self.targets)(&case));
        let what = |tensor: &str| format!("{}: {tensor}, {}", self.name, std::any::type_name::<N::Scalar>());
        let compare = |tensor: &str, values: Vec<N::Scalar>| {
            assert_close(&values, &case.tensor(tensor).values, golden, &what(tensor));
        };
        let outputs = predict_batch(&*network, &inputs).expect("the inputs are right");
        for (part, values) in self.output_parts {
            compare(&format!("output.{part}"), outputs.iter().flat_map(values).copied().collect());
        }
        let loss = Unchecked::new(&self.loss);
        let gradients = InputGradients { network: &*network, loss: &loss, inputs: &inputs, targets: &targets };
        let gradients = dispatch(gradients);
        for (part, values) in self.input_parts {
            compare(&format!("grad_input.{part}"), gradients.iter().flat_map(values).copied().collect());
        }
        let mut training = Training::<N, O, BATCH>::boxed();
        training.loss_and_gradient(&*network, &self.loss, &inputs, &targets).expect("the samples are right");
        assert_digests(&case, "gradient.", WithFrozen::new(&training.gradient, network.frozen()).state_dict());
        let mut losses = Vec::new();
        for _ in 0..10 {
            let loss = training.step(&mut *network, &self.optimizer, &self.loss, &inputs, &targets);
            let (loss, parts) = (loss.expect("the step is right"), (self.losses)(&training.report()));
            assert_close(&[loss], &[parts.iter().sum()], golden, &what("the sum of the losses"));
            losses.extend(parts);
        }
        assert_close(&losses, &case.tensor("losses").values, golden, &what("losses"));
        assert_digests(&case, "final.", network.state_dict());
    }
}

/// The rows of a part of a case.
fn part<V: nn_tests::Values>(case: &Case, name: &str) -> Vec<V> {
    rows_of(case.tensor(name))
}

#[test]
fn pilot() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/pilot",
                optimizer: Adam::new(0.01),
                loss: $output { steering: Mse, brake: Scaled::new(CrossEntropy, 0.5) },
                inputs: &|case| {
                    let (images, speeds) = (part(case, "input.image"), part(case, "input.speed"));
                    let stations: Vec<[u16; 1]> = part(case, "input.station");
                    let rows = images.into_iter().zip(speeds).zip(stations);
                    rows.map(|((image, speed), station)| $input { image, speed, station }).collect()
                },
                targets: &|case| {
                    let (steering, brakes) = (part(case, "target.steering"), values_of(case.tensor("target.brake")));
                    let rows = steering.into_iter().zip(brakes);
                    rows.map(|(steering, brake): (_, u8)| $output { steering, brake }).collect()
                },
                input_parts: &[("image", |row| &row.image), ("speed", |row| &row.speed)],
                output_parts: &[("steering", |row| &row.steering), ("brake", |row| &row.brake)],
                losses: |report| vec![report.steering.loss, report.brake.loss],
            }
            .check();
        };
    }
    check!(Pilot, PilotInput, PilotOutput);
    check!(PilotDouble, PilotDoubleInput, PilotDoubleOutput);
}

#[test]
fn actor_critic() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/actor_critic",
                optimizer: Sgd::new(0.1).momentum(0.9),
                loss: $output { policy: CrossEntropy, value: Scaled::new(Mse, 0.25) },
                inputs: &|case| part(case, "input.state").into_iter().map(|state| $input { state }).collect(),
                targets: &|case| {
                    let (policies, values) = (values_of(case.tensor("target.policy")), part(case, "target.value"));
                    let rows = policies.into_iter().zip(values);
                    rows.map(|(policy, value): (u8, _)| $output { policy, value }).collect()
                },
                input_parts: &[("state", |row| &row.state)],
                output_parts: &[("policy", |row| &row.policy), ("value", |row| &row.value)],
                losses: |report| vec![report.policy.loss, report.value.loss],
            }
            .check();
        };
    }
    check!(ActorCritic, ActorCriticInput, ActorCriticOutput);
    check!(ActorCriticDouble, ActorCriticDoubleInput, ActorCriticDoubleOutput);
}

#[test]
fn film() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/film",
                optimizer: Adam::new(0.01),
                loss: $output { made: Mse },
                inputs: &|case| {
                    let rows = part(case, "input.signal").into_iter().zip(part(case, "input.condition"));
                    rows.map(|(signal, condition)| $input { signal, condition }).collect()
                },
                targets: &|case| part(case, "target.made").into_iter().map(|made| $output { made }).collect(),
                input_parts: &[("signal", |row| &row.signal), ("condition", |row| &row.condition)],
                output_parts: &[("made", |row| &row.made)],
                losses: |report| vec![report.made.loss],
            }
            .check();
        };
    }
    check!(Film, FilmInput, FilmOutput);
    check!(FilmDouble, FilmDoubleInput, FilmDoubleOutput);
}

#[test]
fn rnnoise() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/rnnoise",
                optimizer: Sgd::new(0.1).momentum(0.9),
                loss: $output { gains: Mse, vad: Scaled::new(Bce, 0.5) },
                inputs: &|case| part(case, "input.features").into_iter().map(|features| $input { features }).collect(),
                targets: &|case| {
                    let rows = part(case, "target.gains").into_iter().zip(part(case, "target.vad"));
                    rows.map(|(gains, vad)| $output { gains, vad }).collect()
                },
                input_parts: &[("features", |row| &row.features)],
                output_parts: &[("gains", |row| &row.gains), ("vad", |row| &row.vad)],
                losses: |report| vec![report.gains.loss, report.vad.loss],
            }
            .check();
        };
    }
    check!(Rnnoise, RnnoiseInput, RnnoiseOutput);
    check!(RnnoiseDouble, RnnoiseDoubleInput, RnnoiseDoubleOutput);
}

#[test]
fn face_detector() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/face_detector",
                optimizer: Adam::new(0.01),
                loss: $output { boxes: SmoothL1::default(), scores: Scaled::new(CrossEntropy, 2.0) },
                inputs: &|case| part(case, "input.image").into_iter().map(|image| $input { image }).collect(),
                targets: &|case| {
                    let (boxes, scores) = (part(case, "target.boxes"), part::<[u8; 68]>(case, "target.scores"));
                    boxes.into_iter().zip(scores).map(|(boxes, scores)| $output { boxes, scores }).collect()
                },
                input_parts: &[("image", |row| &row.image)],
                output_parts: &[("boxes", |row| &row.boxes), ("scores", |row| &row.scores)],
                losses: |report| vec![report.boxes.loss, report.scores.loss],
            }
            .check();
        };
    }
    check!(FaceDetector, FaceDetectorInput, FaceDetectorOutput);
    check!(FaceDetectorDouble, FaceDetectorDoubleInput, FaceDetectorDoubleOutput);
}

#[test]
fn packed() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/packed",
                optimizer: Adam::new(0.01),
                loss: $output { tags: CrossEntropy.ignore_index(255), kind: CrossEntropy },
                inputs: &|case| {
                    let lengths: Vec<[u8; 1]> = part(case, "input.length");
                    let rows = part(case, "input.sequence").into_iter().zip(lengths);
                    rows.map(|(sequence, length)| $input { sequence, length }).collect()
                },
                targets: &|case| {
                    let (tags, kinds) = (part(case, "target.tags"), values_of(case.tensor("target.kind")));
                    let rows = tags.into_iter().zip(kinds);
                    rows.map(|(tags, kind): ([u8; 5], u8)| $output { tags, kind }).collect()
                },
                input_parts: &[("sequence", |row| &row.sequence)],
                output_parts: &[("tags", |row| &row.tags), ("kind", |row| &row.kind)],
                losses: |report| vec![report.tags.loss, report.kind.loss],
            }
            .check();
        };
    }
    check!(Packed, PackedInput, PackedOutput);
    check!(PackedDouble, PackedDoubleInput, PackedDoubleOutput);
}

#[test]
fn states() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/states",
                optimizer: Sgd::new(0.1).momentum(0.9),
                loss: $output { made: Mse },
                inputs: &|case| {
                    let (hiddens, cells) = (part(case, "input.hidden"), part(case, "input.cell"));
                    let rows = part(case, "input.signal").into_iter().zip(hiddens).zip(cells);
                    rows.map(|((signal, hidden), cell)| $input { signal, hidden, cell }).collect()
                },
                targets: &|case| part(case, "target.made").into_iter().map(|made| $output { made }).collect(),
                input_parts: &[("signal", |row| &row.signal), ("hidden", |row| &row.hidden), ("cell", |row| &row.cell)],
                output_parts: &[("made", |row| &row.made)],
                losses: |report| vec![report.made.loss],
            }
            .check();
        };
    }
    check!(States, StatesInput, StatesOutput);
    check!(StatesDouble, StatesDoubleInput, StatesDoubleOutput);
}

#[test]
fn encoder_decoder() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/encoder_decoder",
                optimizer: Sgd::new(0.1).momentum(0.9),
                loss: $output { logits: CrossEntropy },
                inputs: &|case| {
                    let (sources, lengths) = (part(case, "input.source"), part(case, "input.length"));
                    let rows = sources.into_iter().zip(lengths).zip(part(case, "input.target"));
                    rows.map(|((source, length), target)| $input { source, length, target }).collect()
                },
                targets: &|case| {
                    let steps: Vec<[u8; 5]> = part(case, "target.logits");
                    steps.into_iter().map(|logits| $output { logits }).collect()
                },
                input_parts: &[("source", |row| &row.source)],
                output_parts: &[("logits", |row| &row.logits)],
                losses: |report| vec![report.logits.loss],
            }
            .check();
        };
    }
    check!(EncoderDecoder, EncoderDecoderInput, EncoderDecoderOutput);
    check!(EncoderDecoderDouble, EncoderDecoderDoubleInput, EncoderDecoderDoubleOutput);
}

#[test]
fn padded_attention() {
    macro_rules! check {
        ($network:ident, $input:ident, $output:ident) => {
            Golden::<$network, _, _, _> {
                name: "networks/padded_attention",
                optimizer: Sgd::new(0.1).momentum(0.9),
                loss: $output { made: Mse },
                inputs: &|case| {
                    let (sequences, lengths) = (part(case, "input.x"), part(case, "input.length"));
                    let rows = sequences.into_iter().zip(lengths).zip(part(case, "input.y"));
                    rows.map(|((x, length), y)| $input { x, length, y }).collect()
                },
                targets: &|case| part(case, "target.made").into_iter().map(|made| $output { made }).collect(),
                input_parts: &[("x", |row| &row.x), ("y", |row| &row.y)],
                output_parts: &[("made", |row| &row.made)],
                losses: |report| vec![report.made.loss],
            }
            .check();
        };
    }
    check!(PaddedAttention, PaddedAttentionInput, PaddedAttentionOutput);
    check!(PaddedAttentionDouble, PaddedAttentionDoubleInput, PaddedAttentionDoubleOutput);
}
