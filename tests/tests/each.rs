//! `each`: a network on every step; and `chunk` and `split`, which take a value apart.

use nn_runtime::kernels::Portable;
use nn_runtime::network::{Architecture as _, Differentiable, Parameters, Trainable as _, tensors};
use nn_runtime::prelude::*;

network! {
    /// What `Video` does, step by step.
    struct Step: f64 [2, 4, 3] -> [4] {
        conv: conv2d(3, kernel_size = (3, 2)), relu, flatten, fc: linear(4), tanh,
    }

    struct Video: f64 [3, 2, 4, 3] -> [3, 4] {
        #[keep] frames: each { conv: conv2d(3, kernel_size = (3, 2)), relu, flatten, fc: linear(4), tanh },
        softmax,
    }

    struct Dropped: [5, 64] -> [5, 64] { each { dropout(0.5) } }

    struct Still: f64 [3, 4] -> [3, 2] {
        front: linear(4),
        block: residual {
            #[frozen] whole: each { fc: linear(4), tanh },
            part: each { #[frozen] still: linear(4), sigmoid, moving: linear(4) },
            #[frozen] norm: each { batch_norm1d },
        },
        out: linear(2),
    }

    struct Encoder: f64 [4] -> [2] { fc: linear(2), tanh }

    struct OfANetwork: f64 [3, 4] -> [3, 2] { each { Encoder } }

    /// Indices beside numbers: the tokens' tower has no gradient to go on with.
    struct Mixed: { tokens: u8 [3, 2], values: f64 [3, 4] } -> { made: f64 [3, 2] } {
        words: tokens { each { embedding(5, 3), flatten, linear(2) } },
        made: values { each { linear(2), tanh }, add { [], [words] } },
    }

    struct Empty: [3, 4] -> [3, 4] { each { tanh } }

    #[weights("weights/each.safetensors")]
    struct Pretrained: [5, 2, 4] -> [5, 2] {
        frames: each { conv: conv1d(3, 2), tanh, flatten, fc: linear(4) },
        #[frozen] memory: gru(3),
        out: each { #[frozen] inner: linear(2) },
    }

    struct Parts: f64 [7, 3] -> [2, 3] {
        (first, second, third): chunk(3),
        tail: add { [first { narrow(0, 0, 1) }], [third], [second { narrow(0, 2, 1) }] },
        second { (one, _, two): split([1, 1, 1]) },
        concat { [add { [tail], [one] }], [two] },
    }

    struct Gated: [5, 3] -> [5, 2] {
        linear(4), #[keep] (gate, signal): chunk(2, dim = 1),
        mul { [gate, sigmoid], [signal, tanh] },
    }

    struct Heads: { x: [6] } -> { left: [2], right: [3] } { linear(6), (left, _, right): split([2, 1, 3]) }

    struct Turns: [4] -> [4] { repeat(2) { linear(8), (a, b): chunk(2), mul { [a], [b, tanh] } } }
}

/// A number of its own for each index, between -1 and 1.
fn number(index: usize) -> f64 {
    ((index as f64 + 1.0) * 12.9898).sin()
}

#[test]
fn each_step_is_the_network_alone() {
    let mut video = Video::new(&mut rng(1));
    video.as_mut_slice().iter_mut().enumerate().for_each(|(at, value)| *value += 0.2 * number(at));
    let mut step = Step::ZERO;
    step.as_mut_slice().copy_from_slice(video.as_slice());
    let input = SVector::<f64, 72>::from_fn(|at, _| number(at));
    let mut workspace = VideoInferenceWorkspace::ZERO;
    let output = video.predict_in(&input, &mut workspace);
    let kept = workspace.frames_value(0).expect("there is a row");
    for at in 0..3 {
        let made = step.predict(&input.fixed_rows::<24>(24 * at).into_owned());
        assert_eq!(made, kept.fixed_rows::<4>(4 * at).into_owned());
    }
    assert!((output.fixed_rows::<4>(4).sum() - 1.0).abs() < 1e-12);
}

#[test]
fn names_are_those_of_a_module_below_the_stage() {
    let names: Vec<_> = tensors(Video::LAYERS).map(|tensor| tensor.name().to_string()).collect();
    assert_eq!(names, ["frames.conv.weight", "frames.conv.bias", "frames.fc.weight", "frames.fc.bias"]);
    assert_eq!(Video::ZERO.frames.conv.weight.shape(), (3, 12));
    let names: Vec<_> = tensors(OfANetwork::LAYERS).map(|tensor| tensor.name().to_string()).collect();
    assert_eq!(names, ["each1.encoder1.fc.weight", "each1.encoder1.fc.bias"]);
    let names: Vec<_> = tensors(Still::LAYERS).map(|tensor| (tensor.name().to_string(), tensor.is_frozen())).collect();
    let frozen: Vec<_> = names.iter().filter(|(_, is_frozen)| *is_frozen).map(|(name, _)| name.as_str()).collect();
    let expected = ["whole.fc.weight", "whole.fc.bias", "part.still.weight", "part.still.bias"]
        .map(|name| format!("block.{name}"));
    assert_eq!(frozen[..4], expected);
    assert_eq!(frozen.len(), 8);
}

#[test]
fn the_table_has_the_layers_inside_with_the_shapes_of_a_step() {
    let row = &Video::LAYERS[0];
    let inner: Vec<_> = row.inner.iter().map(|row| (row.name, row.output, row.multiply_adds)).collect();
    assert_eq!((row.keyword, row.name, row.input, row.output), ("each", "frames", &[3, 2, 4, 3][..], &[3, 4][..]));
    assert_eq!(inner[0], ("conv", &[3, 2, 2][..], 144));
    assert_eq!(inner[3], ("fc", &[4][..], 48));
    assert_eq!(row.multiply_adds, 3 * (144 + 48));
    let summary = Video::summary().to_string();
    let lines: Vec<_> = summary.lines().map(str::trim_end).collect();
    assert_eq!(
        lines[..9],
        [
            "Video",
            "  stage              layer          output  parameters  multiply-adds",
            "  input                       [3, 2, 4, 3]",
            "  frames             each           [3, 4]          91            576",
            "    frames.conv      conv2d      [3, 2, 2]          39            144",
            "    frames.relu1     relu        [3, 2, 2]           0              0",
            "    frames.flatten1  flatten          [12]           0              0",
            "    frames.fc        linear            [4]          52             48",
            "    frames.tanh1     tanh              [4]           0              0",
        ]
    );
}

#[test]
fn each_step_has_random_numbers_of_its_own() {
    let (input, mut workspace) = (SMatrix::<f32, 1, 320>::repeat(1.0), DroppedWorkspace::<1>::ZERO);
    let mut masks = Vec::new();
    for seed in [1, 1, 2] {
        Dropped::ZERO.forward_with(Portable, &(), &input, &mut workspace, Pass::training(seed, 1));
        let output = Dropped::output_then_grad(&mut workspace);
        let steps: Vec<Vec<bool>> =
            output.as_slice().chunks(64).map(|step| step.iter().map(|value| *value == 0.0).collect()).collect();
        assert!((0..5).all(|step| (0..step).all(|other| steps[step] != steps[other])), "two steps have one mask");
        masks.push(steps);
    }
    assert_eq!(masks[0], masks[1]);
    assert_ne!(masks[0], masks[2]);
    assert_eq!(Dropped::ZERO.predict(&[1.0; 320]), SVector::<f32, 320>::repeat(1.0));
}

#[test]
fn what_is_frozen_stays() {
    let (mut network, frozen) = (Still::new(&mut rng(1)), StillFrozen::new(&mut rng(2)));
    let inputs: Vec<[f64; 12]> = (0..8).map(|row| std::array::from_fn(|at| number(row * 12 + at))).collect();
    let targets: Vec<[f64; 6]> = inputs.iter().map(|input| std::array::from_fn(|at| 0.5 * input[at])).collect();
    let before = network;
    let mut training = Training::<Still, Adam, 4>::boxed();
    let losses: Vec<f64> = (0..200)
        .map(|_| {
            let mut whole = network.with_frozen_mut(&frozen);
            training.step(&mut whole, &Adam::new(0.02), &Mse, &inputs, &targets).expect("the data is right")
        })
        .collect();
    assert!(losses[199] < 0.5 * losses[0], "{} after {}", losses[199], losses[0]);
    assert_ne!(network.block.part.moving, before.block.part.moving);
    assert_ne!(network.front, before.front);
}

#[test]
fn the_gradient_of_the_input_goes_through_each_step() {
    let (network, input) = (Video::new(&mut rng(3)), SVector::<f64, 72>::from_fn(|at, _| number(at)));
    for output in [0, 5, 11] {
        let gradient = network.input_gradient(&input, output).expect("there is such an output");
        for at in 0..72 {
            let moved = |offset: f64| {
                let mut moved = input;
                moved[at] += offset;
                network.predict(&moved)[output]
            };
            let expected = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((gradient[at] - expected).abs() < 1e-8, "input {at}: {} instead of {expected}", gradient[at]);
            assert!(at / 24 == output / 4 || gradient[at] == 0.0);
        }
    }
}

#[test]
fn indices_beside_numbers_have_no_gradient() {
    let network = Mixed::new(&mut rng(4));
    let input = MixedInput { tokens: [0, 1, 2, 3, 4, 0], values: std::array::from_fn(number) };
    let gradient = network.input_gradient(&input, 2).expect("there is such an output");
    let moved = |offset: f64| {
        let mut moved = input;
        moved.values[5] += offset;
        network.predict(&moved).expect("the indices are right").made[2]
    };
    assert!((gradient.values[5] - (moved(1e-6) - moved(-1e-6)) / 2e-6).abs() < 1e-8);
    let mut wrong = input;
    wrong.tokens[3] = 5;
    assert!(network.predict(&wrong).is_err());
    let mut state = MixedState::ZERO;
    let whole = network.predict(&input).expect("the indices are right");
    for step in 0..3 {
        let frame = MixedInput {
            tokens: [input.tokens[2 * step], input.tokens[2 * step + 1]],
            values: std::array::from_fn::<f64, 4, _>(|at| input.values[4 * step + at]),
        };
        let made = network.step(&mut state, &frame).expect("the indices are right").made;
        (0..2).for_each(|at| assert!((made[at] - whole.made[2 * step + at]).abs() < 1e-13));
    }
}

/// A step of training keeps a workspace for each step, inference one for all.
#[test]
fn inference_uses_the_memory_of_one_step() {
    let step = [size_of::<StepWorkspace>(), size_of::<StepInferenceWorkspace>()];
    let body = [size_of::<VideoFramesWorkspace>(), size_of::<VideoFramesInferenceWorkspace>()];
    assert_eq!(body, step);
    // the output of all steps, and its copy for the user
    let own = 2 * 12 * size_of::<f64>();
    assert_eq!(size_of::<VideoInferenceWorkspace>(), step[1] + own);
    // and, as the backward pass of the softmax reads its output, the gradient beside that
    let trained = own + 12 * size_of::<f64>();
    assert_eq!(size_of::<VideoWorkspace>(), 3 * step[0] + trained);
    assert_eq!(size_of::<<Video as Differentiable>::Trace<1>>(), 3 * size_of::<StepTrace>() + trained);
    assert_eq!(size_of::<VideoState>(), step[1] + 2 * 4 * size_of::<f64>());
    assert_eq!(size_of::<Empty>(), 0);
}

#[test]
fn a_file_of_weights_has_the_stages_inside() {
    let (mut network, mut frozen) = (Pretrained::ZERO, PretrainedFrozen::ZERO);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/weights/each.safetensors");
    network.with_both_mut(&mut frozen).load_in(path).expect("a file");
    assert!(network.frames.fc.weight.iter().chain(&frozen.out.inner.weight).all(|value| *value != 0.0));
    assert_eq!((Pretrained::PRETRAINED, PretrainedFrozen::PRETRAINED), (&network, &frozen));
}

#[test]
#[expect(clippy::float_cmp, reason = "small whole numbers are exact")]
fn a_part_has_the_values_of_its_range() {
    let input: [f64; 21] = std::array::from_fn(|at| at as f64);
    let output = Parts::ZERO.predict(&input);
    // the parts are the rows 0 to 2, 3 to 5, and 6
    for feature in 0..3 {
        let row = |row: usize| input[3 * row + feature];
        assert_eq!(output[feature], row(0) + row(6) + row(5) + row(3));
        assert_eq!(output[3 + feature], row(5));
    }
    let rows: Vec<_> = Parts::LAYERS.iter().filter(|row| row.keyword == "narrow").map(|row| row.name).collect();
    assert_eq!(rows, ["first", "second", "third", "tail.narrow1", "tail.narrow2", "one", "two"]);
}

#[test]
fn parts_are_kept_and_are_outputs() {
    let (network, input) = (Gated::new(&mut rng(5)), SVector::<f32, 15>::from_fn(|at, _| number(at) as f32));
    let mut workspace = GatedInferenceWorkspace::ZERO;
    let whole = network.predict_in(&input, &mut workspace);
    let [gate, signal] = [workspace.gate_value(0), workspace.signal_value(0)].map(|part| part.expect("there is a row"));
    let mut state = GatedState::ZERO;
    for at in 0..10 {
        let expected = signal[at].tanh() / (1.0 + (-gate[at]).exp());
        assert!((whole[at] - expected).abs() < 1e-6);
    }
    for step in 0..5 {
        let made = network.step(&mut state, &input.fixed_rows::<3>(3 * step).into_owned());
        (0..2).for_each(|at| assert!((made[at] - whole[2 * step + at]).abs() < 1e-6));
        assert!((state.gate_value()[0] - gate[2 * step]).abs() < 1e-6);
    }
    let heads = Heads::new(&mut rng(6));
    let all = heads.linear1.weight * SVector::<f32, 6>::repeat(0.5) + heads.linear1.bias;
    let made = heads.predict(&HeadsInput { x: [0.5; 6] });
    assert!((made.left[1] - all[1]).abs() < 1e-6 && (made.right[2] - all[5]).abs() < 1e-6);
    assert_eq!(
        Turns::LAYERS.iter().filter(|row| row.keyword == "narrow").map(|row| row.name).collect::<Vec<_>>(),
        ["a1", "b1", "a2", "b2"]
    );
}
