//! Networks with several inputs and outputs: what must hold for any of them.

use nn_runtime::bytemuck::Zeroable;
use nn_runtime::kernels::{Isa, Kernel, dispatch};
use nn_runtime::loss::needs::Fits;
use nn_runtime::loss::{Loss, Scaled, TargetError};
use nn_runtime::network::{Parameters as _, Pass, Restore, Row as _, Tile};
use nn_runtime::prelude::*;
use nn_runtime::train::SampleError;
use nn_tests::assert_close;

network! {
    /// An image, numbers and a category.
    struct Pilot: { image: f64 [1, 6, 6], speed: f64 [3], station: u16 [1] } -> { steering: f64 [1], brake: f64 [4] } {
        seen: image { conv2d(2, 3), tanh, flatten, linear(5) },
        place: station { embedding(7, 3), flatten },
        concat { [seen], [speed], [place] }, linear(6), trunk: silu,
        steering: trunk { linear(1), tanh },
        brake: trunk { linear(4) },
    }

    /// An output that later stages take, an input that is an output, and a value that is two outputs.
    struct Shared: { a: f64 [3], b: f64 [2] } -> { twice: f64 [3], b: f64 [2], sum: f64 [3], again: f64 [3], bent: f64 [3] } {
        a, twice: linear(3),
        b, linear(3), tanh, side: sigmoid,
        sum: add { [side], [twice, softplus], [a] },
        again: sum { flatten },
        bent: sum { tanh },
    }

    /// Stages that are not trained, before and behind trained ones.
    struct Tuned: { a: f64 [3], b: f64 [2] } -> { left: f64 [2], right: f64 [1] } {
        #[frozen] fixed: a { linear(4), tanh },
        mul { [fixed], [b, linear(4)] }, mixed: gelu,
        #[frozen] left: linear(2),
        mixed, right: linear(1),
    }

    /// A signal, a token at each step, and a speaker who is the same at each.
    struct Voice: { x: f64 [5, 3], speaker: f64 [4], token: u16 [5] } -> { level: f64 [5, 1], pitch: f64 [5, 2], whole: f64 [1] } {
        token { embedding(8, 3) }, embedded: tanh,
        speaker { linear(3), reshape([1, 3]) }, conditioned: sigmoid,
        add { [mul { [x], [conditioned] }], [embedded] }, memory: gru(4),
        level: linear(1),
        pitch: memory { linear(2) },
        memory, last, whole: linear(1),
    }

    /// Values that are kept: of a layer that the next one overwrites, of a view of an input, of structures, in each turn.
    struct Kept: f64 [2, 3] -> f64 [2] {
        #[keep] flat: flatten,
        #[keep] hidden: linear(4), tanh,
        #[keep] block: residual { repeat(2) { #[keep] inner: linear(4), relu } },
        linear(2),
    }

    struct KeptSteps: f64 [4, 3] -> f64 [2] { #[keep] memory: gru(4), #[keep] hidden: tanh, last, linear(2) }

    /// The same with channels first, beside a filter.
    struct Channels: { signal: f64 [2, 6], gain: f64 [2] } -> { made: f64 [3, 6] } {
        gain, linear(2), factors: reshape([2, 1]),
        mul { [signal, conv1d(2, 3, causal = true)], [factors] },
        made: conv1d(3, 2, causal = true),
    }
}

/// A number of its own for each index, between -1 and 1.
fn number(index: usize) -> f64 {
    ((index as f64 + 1.0) * 12.9898).sin()
}

fn numbers<const N: usize>(seed: usize) -> [f64; N] {
    std::array::from_fn(|index| number(seed + index))
}

/// New parameters, none of which is 0 everywhere.
fn network<N: Restore + Zeroable>() -> N {
    let mut network = N::zeroed();
    for (place, mut tensor) in network.state_dict_mut().enumerate() {
        let len = tensor.info().shape().iter().product::<usize>();
        tensor.set((0..len).map(|index| 0.5 * number(index + 100 * place)).map(nn_runtime::scalar::Scalar::from_f64));
    }
    network
}

fn pilot_input(seed: usize) -> PilotInput {
    PilotInput { image: numbers(seed), speed: numbers(seed + 50), station: [(seed % 7) as u16] }
}

/// The gradient of a loss with respect to every parameter against differences.
fn check_gradients<N, L, Needs, Target>(network: &mut N, loss: &L, inputs: &[N::Input], targets: &[Target])
where
    N: Network<Scalar = f64>,
    L: Loss<Target, N::Output, f64, Needs>,
    Needs: Fits<N::Ending>,
{
    const OFFSET: f64 = 1e-5;
    let mut training = Training::<N, Sgd, 2>::boxed();
    let mut loss_of = |network: &N| training.loss_and_gradient(network, loss, inputs, targets).expect("it is right");
    let mut expected = Vec::new();
    for index in 0..network.as_slice().len() {
        let value = network.as_slice()[index];
        let [above, below] = [OFFSET, -OFFSET].map(|offset| {
            network.as_mut_slice()[index] = value + offset;
            loss_of(network)
        });
        network.as_mut_slice()[index] = value;
        expected.push((above - below) / (2.0 * OFFSET));
    }
    training.loss_and_gradient(network, loss, inputs, targets).expect("it is right");
    assert_close(training.gradient.as_slice(), &expected, 1e-7, std::any::type_name::<N>());
}

#[test]
fn gradients_are_the_differences() {
    let weighted = CrossEntropy.class_weights(&[1.0, 4.0, 2.0, 0.5]);
    let loss = PilotOutput { steering: Mse, brake: Scaled::new(weighted, 0.5) };
    let inputs: Vec<_> = (0..3).map(pilot_input).collect();
    let targets: Vec<_> = (0..3).map(|row| PilotOutput { steering: [number(row)], brake: (row % 4) as u8 }).collect();
    check_gradients(&mut network::<Pilot>(), &loss, &inputs, &targets);

    let loss = SharedOutput { twice: Mse, b: L1, sum: Huber { delta: 0.5 }, again: Scaled::new(Mse, 3.0), bent: Mse };
    let inputs: Vec<_> = (0..3).map(|row| SharedInput { a: numbers(row), b: numbers(row + 9) }).collect();
    let target = |row| SharedOutput {
        twice: numbers(row),
        b: numbers(row + 3),
        sum: numbers(row + 5),
        again: numbers(row + 8),
        bent: numbers(row + 11),
    };
    let targets: Vec<_> = (0..3).map(target).collect();
    check_gradients(&mut network::<Shared>(), &loss, &inputs, &targets);

    let mut tuned = Tuned::new(&mut rng(3));
    let frozen = TunedFrozen::new(&mut rng(4));
    let inputs: Vec<_> = (0..3).map(|row| TunedInput { a: numbers(row), b: numbers(row + 9) }).collect();
    let targets: Vec<_> = (0..3).map(|row| TunedOutput { left: 1_u8, right: numbers::<1>(row) }).collect();
    let loss = TunedOutput { left: CrossEntropy, right: Mse };
    check_gradients(&mut tuned.with_frozen_mut(&frozen), &loss, &inputs, &targets);
}

/// Any output with respect to any input that is numbers; indices stay as they are.
#[test]
fn an_output_has_a_gradient_with_respect_to_each_input() {
    const OFFSET: f64 = 1e-5;
    let (network, input) = (network::<Pilot>(), pilot_input(2));
    for output in [0, PilotOutput::BRAKE, PilotOutput::BRAKE + 3] {
        let gradient = network.input_gradient(&input, output).expect("there is such an output");
        assert_eq!(gradient.station, input.station);
        let value = |input: &PilotInput| {
            let PilotOutput { steering, brake } = network.predict(input).expect("the index is in range");
            [steering.as_slice(), &brake].concat()[output]
        };
        let difference = |part: fn(&mut PilotInput) -> &mut [f64], index: usize| {
            let [above, below] = [OFFSET, -OFFSET].map(|offset| {
                let mut moved = input;
                part(&mut moved)[index] += offset;
                value(&moved)
            });
            (above - below) / (2.0 * OFFSET)
        };
        let expected: Vec<_> = (0..36).map(|index| difference(|input| &mut input.image, index)).collect();
        assert_close(&gradient.image, &expected, 1e-7, "image");
        let expected: Vec<_> = (0..3).map(|index| difference(|input| &mut input.speed, index)).collect();
        assert_close(&gradient.speed, &expected, 1e-7, "speed");
    }
    let error = network.input_gradient(&input, 5).expect_err("there are 5 outputs");
    assert_eq!(error.to_string(), "output 5 is out of range: the network has 5 outputs, 0 to 4");
}

#[test]
fn a_batch_is_its_samples() {
    let network = network::<Pilot>();
    let inputs: Vec<_> = (0..37).map(pilot_input).collect();
    for (input, output) in inputs.iter().zip(predict_batch(&network, &inputs).expect("the inputs are right")) {
        let single = network.predict(input).expect("the index is in range");
        assert_close(&output.steering, &single.steering, 1e-13, "steering");
        assert_close(&output.brake, &single.brake, 1e-13, "brake");
    }
}

#[test]
fn what_is_several_outputs_is_the_same_value() {
    let network = network::<Shared>();
    let input = SharedInput { a: numbers(1), b: numbers(4) };
    let output = network.predict(&input);
    assert_eq!((output.b, output.sum), (input.b, output.again));
    assert_close(&output.bent, &output.sum.map(f64::tanh), 1e-15, "bent");
}

#[test]
fn steps_are_the_sequence() {
    let (network, mut state) = (network::<Voice>(), VoiceState::ZERO);
    let input = VoiceInput { x: numbers(0), speaker: numbers(30), token: [1, 5, 2, 7, 0] };
    let whole = network.predict(&input).expect("the tokens are in range");
    for step in 0..5 {
        let x = std::array::from_fn(|feature| input.x[3 * step + feature]);
        let frame = VoiceInput { x, speaker: input.speaker, token: [input.token[step]] };
        let made = network.step(&mut state, &frame).expect("the token is in range");
        assert_close(&made.level, &whole.level[step..=step], 1e-13, "level");
        assert_close(&made.pitch, &whole.pitch[2 * step..2 * step + 2], 1e-13, "pitch");
        if step == 4 {
            assert_close(&made.whole, &whole.whole, 1e-13, "whole");
        }
    }

    let (network, mut state) = (self::network::<Channels>(), ChannelsState::ZERO);
    let input = ChannelsInput { signal: numbers(7), gain: numbers(40) };
    let whole = network.predict(&input);
    for step in 0..6 {
        let signal = std::array::from_fn(|channel| input.signal[6 * channel + step]);
        let made = network.step(&mut state, &ChannelsInput { signal, gain: input.gain });
        let expected: [f64; 3] = std::array::from_fn(|channel| whole.made[6 * channel + step]);
        assert_close(&made.made, &expected, 1e-13, "made");
    }
}

/// Blocks of several inputs and outputs, where what is no sequence changes from step to step.
#[test]
fn blocks_are_the_steps() {
    let network = network::<Voice>();
    let (mut blocks, mut steps) = (VoiceState::ZERO, VoiceState::ZERO);
    let frame = |step: usize| VoiceInput {
        x: numbers::<3>(3 * step),
        speaker: numbers::<4>(30 + step),
        token: [(step * 5 % 8) as u16],
    };
    let mut check = |first: usize, made: &[VoiceOutput<[f64; 1], [f64; 2], [f64; 1]>]| {
        for (row, made) in made.iter().enumerate() {
            let expected = network.step(&mut steps, &frame(first + row)).expect("the token is in range");
            assert_close(&made.level, &expected.level, 1e-13, "level");
            assert_close(&made.pitch, &expected.pitch, 1e-13, "pitch");
            assert_close(&made.whole, &expected.whole, 1e-13, "whole");
        }
    };
    check(0, &network.step_block::<7>(&mut blocks, &std::array::from_fn(frame)).expect("the tokens are in range"));
    check(7, &[network.step(&mut blocks, &frame(7)).expect("the token is in range")]);
    let frames: [_; 20] = std::array::from_fn(|row| frame(8 + row));
    let mut wrong = frames;
    wrong[13].token = [8];
    let error = network.step_block(&mut blocks, &wrong).expect_err("there are 8 embeddings");
    assert_eq!(
        error.to_string(),
        "index 8 at position 0 of `token` in step 13 of the block is out of range: the network has 8 embeddings, 0 to 7"
    );
    check(8, &network.step_block(&mut blocks, &frames).expect("the tokens are in range"));

    let (network, mut blocks, mut steps) = (self::network::<Channels>(), ChannelsState::ZERO, ChannelsState::ZERO);
    let frames: [_; 9] =
        std::array::from_fn(|step| ChannelsInput { signal: numbers::<2>(2 * step), gain: numbers::<2>(40 + step) });
    let mut workspace = ChannelsBlockWorkspace::ZERO;
    for (frame, made) in frames.iter().zip(network.step_block_in(&mut blocks, &frames, &mut workspace)) {
        assert_close(&made.made, &network.step(&mut steps, frame).made, 1e-13, "made");
    }
}

/// A block keeps what its steps made, and leaves what the last one made in the state.
#[test]
fn blocks_keep_values() {
    let (network, mut blocks, mut steps) = (network::<KeptSteps>(), KeptStepsState::ZERO, KeptStepsState::ZERO);
    let mut workspace = KeptStepsBlockWorkspace::<5>::ZERO;
    let frames: [_; 5] = std::array::from_fn(|step| numbers::<3>(3 * step));
    network.step_block_in(&mut blocks, &frames, &mut workspace);
    for (row, frame) in frames.iter().enumerate() {
        network.step(&mut steps, frame);
        let memory = workspace.memory_value(row).expect("a row");
        assert_close(memory.as_slice(), steps.memory_value().as_slice(), 1e-13, "memory");
    }
    assert_eq!(workspace.memory_value(5), None);
    assert_close(blocks.memory_value().as_slice(), steps.memory_value().as_slice(), 1e-13, "memory in the state");
    assert_close(blocks.hidden_value().as_slice(), steps.hidden_value().as_slice(), 1e-13, "hidden in the state");
}

/// With weights of classes the mean of each output is over its own weights.
#[test]
fn each_output_has_a_mean_of_its_own() {
    let (network, weights) = (network::<Pilot>(), [1.0, 4.0, 2.0, 0.5]);
    let inputs: Vec<_> = (0..40).map(pilot_input).collect();
    let targets: Vec<_> = (0..40).map(|row| PilotOutput { steering: [number(row)], brake: (row % 4) as u8 }).collect();
    let data = Dataset::new(&inputs, &targets).expect("there are as many of both");
    let loss = PilotOutput { steering: Mse, brake: CrossEntropy.class_weights(&weights) };
    let found = evaluate(&network, &loss, &data).expect("the samples are right");
    let (mut square, mut entropy, mut sum, mut right) = (0.0, 0.0, 0.0, 0);
    for (input, target) in inputs.iter().zip(&targets) {
        let output = network.predict(input).expect("the index is in range");
        let class = usize::from(target.brake);
        let log_sum = output.brake.iter().map(|logit| logit.exp()).sum::<f64>().ln();
        square += (output.steering[0] - target.steering[0]).powi(2) / 40.0;
        entropy += weights[class] * (log_sum - output.brake[class]);
        sum += weights[class];
        right += u32::from(output.brake.iter().all(|logit| *logit <= output.brake[class]));
    }
    assert_close(&[found.parts.steering.loss, found.parts.brake.loss], &[square, entropy / sum], 1e-12, "losses");
    assert_close(&[found.loss], &[square + entropy / sum], 1e-12, "loss");
    assert_eq!((found.accuracy, found.parts.steering.accuracy), (None, None));
    assert_eq!(found.parts.brake.accuracy, Some(f64::from(right) / 40.0));
    let printed = found.to_string();
    assert!(printed.contains("  (steering loss ") && printed.contains("; brake loss "), "{printed}");

    // in training, over a mini-batch of several tiles
    let mut training = Training::<Pilot, Sgd, 16>::boxed();
    let mean = training.loss_and_gradient(&network, &loss, &inputs, &targets).expect("the samples are right");
    let parts = training.report();
    assert_close(
        &[mean, parts.steering.loss, parts.brake.loss],
        &[found.loss, square, entropy / sum],
        1e-12,
        "training",
    );
}

#[test]
fn fit_reports_each_output() {
    let mut network = network::<Pilot>();
    let inputs: Vec<_> = (0..30).map(pilot_input).collect();
    let targets: Vec<_> = (0..30).map(|row| PilotOutput { steering: [number(row)], brake: (row % 4) as u8 }).collect();
    let data = Dataset::new(&inputs, &targets).expect("there are as many of both");
    let loss = PilotOutput { steering: Mse, brake: CrossEntropy };
    let before = evaluate(&network, &loss, &data).expect("the samples are right");
    let mut epochs = Vec::new();
    let fit = Fit::new(Adam::new(0.01), loss).epochs(5).batch_size(8).validation(&data);
    fit.on_epoch(|run| epochs.push(run.results.clone())).run(&mut network, &data).expect("the data are right");
    for epoch in &epochs {
        assert_close(&[epoch.parts.steering.loss + epoch.parts.brake.loss], &[epoch.loss], 1e-12, "the sum");
        assert_eq!(epoch.parts.brake.accuracy, None);
    }
    let last = epochs[4].validation.expect("there are validation data");
    assert_eq!(last, evaluate(&network, &loss, &data).expect("the samples are right"));
    assert!(last.loss < before.loss, "{} is not less than {}", last.loss, before.loss);
}

#[test]
fn what_is_wrong_is_named() {
    let (network, loss) = (network::<Pilot>(), PilotOutput { steering: Mse, brake: CrossEntropy });
    let (input, target) = (pilot_input(1), PilotOutput { steering: [0.5], brake: 1_u8 });
    let error = |input: PilotInput, target| {
        let data = Dataset::new(std::slice::from_ref(&input), std::slice::from_ref(&target)).map_err(TrainError::from);
        data.and_then(|data| evaluate(&network, &loss, &data)).expect_err("it is wrong").to_string()
    };
    let mut speed = input.speed;
    speed[2] = f64::INFINITY;
    assert_eq!(
        error(PilotInput { speed, ..input }, target),
        "sample 0: the input at position 2 of `speed` is inf, but must be finite; fill in a number, or leave the sample out"
    );
    let unknown = "index 7 at position 0 of `station` is out of range: the network has 7 embeddings, 0 to 6";
    assert_eq!(error(PilotInput { station: [7], ..input }, target), format!("sample 0: {unknown}"));
    assert_eq!(network.predict(&PilotInput { station: [7], ..input }).expect_err("it is wrong").to_string(), unknown);
    assert_eq!(
        error(input, PilotOutput { brake: 4, ..target }),
        "sample 0: the target of `brake`: the class is 4, but the network has outputs for the classes 0 to 3"
    );
    let factor = PilotOutput { steering: Mse, brake: Scaled::new(CrossEntropy, 0.0) };
    let data = Dataset::new(std::slice::from_ref(&input), std::slice::from_ref(&target)).expect("there is one");
    let found = evaluate(&network, &factor, &data).expect_err("it is wrong");
    assert_eq!(found.to_string(), "`factor` of `Scaled` is 0, but must be finite and more than 0");

    // an output that is NaN
    let mut broken = network;
    broken.brake.linear1.bias[2] = f64::NAN;
    let found = evaluate(&broken, &loss, &data).expect_err("it is wrong");
    let TrainError::Sample { row: 0, error: SampleError::Output { column } } = found else { panic!("{found}") };
    assert_eq!((column.name, column.position), ("brake", 2));
}

/// The policy's logarithm times the advantage, and the square of the value's error: a loss of all outputs at once.
struct Advantage;

/// What the actor did, and what came of it.
#[derive(Clone, Copy)]
struct Outcome {
    action: usize,
    reward: f64,
}

impl Loss<Outcome, PilotOutput<[f64; 1], [f64; 4]>, f64> for Advantage {
    fn check(&self, _target: &Outcome) -> Result<(), TargetError> {
        Ok(())
    }

    fn loss<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        output: &Tile<PilotOutput<[f64; 1], [f64; 4]>, BATCH>,
        targets: &[&Outcome],
    ) -> f64 {
        let loss = |(row, target): (usize, &&Outcome)| {
            let log_sum = output.brake.row(row).map(f64::exp).sum().ln();
            let log = output.brake[(row, target.action)] - log_sum;
            (output.steering[(row, 0)] - target.reward).powi(2) - target.reward * log
        };
        targets.iter().enumerate().map(loss).sum()
    }

    fn loss_and_gradient<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        output_then_grad: &mut Tile<PilotOutput<[f64; 1], [f64; 4]>, BATCH>,
        targets: &[&Outcome],
        scale: f64,
    ) -> f64 {
        let loss = self.loss(isa, output_then_grad, targets);
        for row in 0..BATCH {
            let Some(target) = targets.get(row) else {
                output_then_grad.brake.row_mut(row).fill(0.0);
                output_then_grad.steering.row_mut(row).fill(0.0);
                continue;
            };
            let sum = output_then_grad.brake.row(row).map(f64::exp).sum();
            for action in 0..4 {
                let place = &mut output_then_grad.brake[(row, action)];
                *place = scale * target.reward * (place.exp() / sum - f64::from(u8::from(action == target.action)));
            }
            let place = &mut output_then_grad.steering[(row, 0)];
            *place = 2.0 * scale * (*place - target.reward);
        }
        loss
    }
}

#[test]
fn a_loss_may_be_of_all_outputs() {
    let inputs: Vec<_> = (0..5).map(pilot_input).collect();
    let targets: Vec<_> = (0..5).map(|row| Outcome { action: row % 4, reward: number(row + 3) }).collect();
    check_gradients(&mut network::<Pilot>(), &Advantage, &inputs, &targets);
    let data = Dataset::new(&inputs, &targets).expect("there are as many of both");
    let found = evaluate(&network::<Pilot>(), &Advantage, &data).expect("the samples are right");
    assert!(found.loss.is_finite());
}

#[test]
fn the_tables_have_each_input_and_output() {
    assert_eq!(Pilot::INPUTS.iter().map(|port| port.name).collect::<Vec<_>>(), ["image", "speed", "station"]);
    assert_eq!(Pilot::INPUTS.iter().map(|port| port.index_bound).collect::<Vec<_>>(), [None, None, Some(7)]);
    assert_eq!(Pilot::OUTPUTS.iter().map(|port| port.shape).collect::<Vec<_>>(), [&[1][..], &[4]]);
    let printed = Pilot::summary().to_string();
    let lines: Vec<_> = printed.lines().take(5).map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(lines[2..], [vec!["image", "[1,", "6,", "6]"], vec!["speed", "[3]"], vec!["station", "[1]"]]);
    const { assert!(<Pilot as nn_runtime::network::Parameters>::HAS_INPUT_GRADIENT) };
    assert_eq!((PilotInput::<[f64; 36], [f64; 3], [u16; 1]>::LEN, PilotOutput::BRAKE), (40, 1));
}

/// A pass of training over a tile.
struct Train<'a>(&'a Kept, &'a SMatrix<f64, 3, 6>);
impl Kernel for Train<'_> {
    type Output = Box<KeptWorkspace<3>>;

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let mut workspace = KeptWorkspace::boxed();
        self.0.forward_with(isa, &(), self.1, &mut workspace, Pass::training(0, 3));
        workspace
    }
}

/// In training, in evaluation, and step by step.
#[test]
fn values_are_kept() {
    let (network, input) = (network::<Kept>(), numbers::<6>(1));
    let mut workspace = KeptInferenceWorkspace::ZERO;
    let output = network.predict_in(&input, &mut workspace);
    let dense = |weight: &[f64], bias: &[f64], input: &[f64]| -> Vec<f64> {
        let row =
            |row: usize| input.iter().enumerate().map(|(column, x)| weight[row + column * bias.len()] * x).sum::<f64>();
        bias.iter().enumerate().map(|(at, bias)| bias + row(at)).collect()
    };
    let hidden = dense(network.hidden.weight.as_slice(), network.hidden.bias.as_slice(), &input);
    let activated: Vec<_> = hidden.iter().map(|x| x.tanh()).collect();
    let inner1 = dense(network.block.inner1.weight.as_slice(), network.block.inner1.bias.as_slice(), &activated);
    let positive = |values: &[f64]| values.iter().map(|x| x.max(0.0)).collect::<Vec<_>>();
    let inner2 =
        dense(network.block.inner2.weight.as_slice(), network.block.inner2.bias.as_slice(), &positive(&inner1));
    let block: Vec<_> = positive(&inner2).iter().zip(&activated).map(|(one, other)| one + other).collect();
    assert_eq!(workspace.flat_value(0), Some(SVector::from(input)));
    assert_eq!(workspace.flat_value(1), None);
    assert_close(workspace.hidden_value(0).expect("a row").as_slice(), &hidden, 1e-13, "hidden");
    assert_close(workspace.block_inner1_value(0).expect("a row").as_slice(), &inner1, 1e-13, "inner1");
    assert_close(workspace.block_inner2_value(0).expect("a row").as_slice(), &inner2, 1e-13, "inner2");
    assert_close(workspace.block_value(0).expect("a row").as_slice(), &block, 1e-13, "block");

    let tile = SMatrix::from_fn(|row, column| if row == 2 { input[column] } else { 0.5 });
    let training = dispatch(Train(&network, &tile));
    assert_eq!(training.block_value(2).expect("a row").len(), 4);
    assert_close(training.block_value(2).expect("a row").as_slice(), &block, 1e-13, "block in training");
    assert_close(output.as_slice(), network.predict(&input).as_slice(), 1e-15, "output");

    let (network, input) = (self::network::<KeptSteps>(), numbers::<12>(3));
    let mut whole = KeptStepsInferenceWorkspace::ZERO;
    network.predict_in(&input, &mut whole);
    let memory = whole.memory_value(0).expect("a row");
    let mut state = KeptStepsState::ZERO;
    for (step, frame) in input.as_chunks::<3>().0.iter().enumerate() {
        network.step(&mut state, frame);
        assert_close(state.memory_value().as_slice(), &memory.as_slice()[4 * step..4 * step + 4], 1e-13, "memory");
        assert_close(state.hidden_value().as_slice(), state.memory_value().map(f64::tanh).as_slice(), 1e-13, "hidden");
    }
}
