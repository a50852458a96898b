//! Networks with frozen stages or index inputs as layers of others, and frozen networks between stages that are trained.

#![allow(clippy::float_cmp, reason = "equal bits are meant")]

use approx::assert_relative_eq;
use nn_runtime::kernels::Portable;
use nn_runtime::network::{Parameters, tensors};
use nn_runtime::prelude::*;

network! {
    struct Body: f64 [4] -> [5] {
        #[frozen]
        still: linear(6),
        tanh,
        fc: linear(5),
    }

    struct Words: u16 [3] -> f64 [4] { table: embedding(10, 2), flatten, linear(4) }

    struct Judge: f64 [5] -> [2] { linear(4), tanh, dropout(0.5), linear(2) }

    struct Between: f64 [2] -> [2] { a: linear(2), #[frozen] b: linear(2) }

    struct Plain: f64 [2] -> [2] { linear(2), tanh }

    /// Everything at once: an index input, a trained network, one with frozen stages behind it, frozen ones, one of them in a frozen
    /// structure, a trained end.
    struct Outer: u16 [3] -> f64 [2] {
        words: Words,
        tanh,
        body: Body,
        #[frozen]
        judge: Judge,
        #[frozen]
        whole: Between,
        #[frozen]
        block: residual { linear(2), inner: Plain },
        out: linear(2),
    }

    struct Letters: u8 [5] -> f64 [5, 2] { embedding(4, 3), gru(2) }

    /// On a sequence of indices, so that it works step by step.
    struct Text: u8 [5] -> f64 [5, 2] {
        concat(dim = 1) { [Letters], [add { [embedding(6, 2)], [#[frozen] Letters] }] },
        rnn(2),
    }

    struct Whole: u16 [3] -> f64 [2] { #[frozen] embedding(9, 3), rnn(2), last }

    struct Pair: u16 [3] -> f64 [2] { table: embedding(7, 1), flatten, linear(2) }

    /// Branches that begin with indices: networks, one with frozen stages, and a layer.
    struct Branches: u16 [3] -> f64 [3] {
        both: concat {
            [words: Words],
            [add { [pair: Pair], [table: embedding(8, 2), mean], [#[frozen] still: Pair] }],
            [Whole],
        },
        tanh,
        out: linear(3),
    }
}

const INPUTS: [[u16; 3]; 4] = [[0, 1, 2], [9, 9, 9], [3, 4, 5], [8, 0, 7]];
const TARGETS: [[f64; 2]; 4] = [[0.5, -0.5], [1.0, 0.0], [0.0, 0.25], [-1.0, 1.0]];

fn new() -> (Outer, OuterFrozen) {
    (Outer::new(&mut rng(1)), OuterFrozen::new(&mut rng(2)))
}

fn loss(outer: &Outer, frozen: &OuterFrozen) -> f64 {
    let data = Dataset::new(&INPUTS, &TARGETS).expect("as many of both");
    evaluate(&outer.with_frozen(frozen), &Mse, &data).expect("finite").loss
}

#[test]
fn every_gradient_is_that_of_the_loss() {
    let (mut outer, frozen) = new();
    let mut training = Training::<Outer, Sgd, 4>::boxed();
    training.loss_and_gradient(&outer.with_frozen_mut(&frozen), &Mse, &INPUTS, &TARGETS).expect("finite");
    for position in 0..outer.as_slice().len() {
        let value = outer.as_slice()[position];
        let [high, low] = [1e-5, -1e-5].map(|step| {
            outer.as_mut_slice()[position] = value + step;
            loss(&outer, &frozen)
        });
        outer.as_mut_slice()[position] = value;
        let gradient = training.gradient.as_slice()[position];
        assert_relative_eq!(gradient, (high - low) / 2e-5, epsilon = 1e-9, max_relative = 1e-5);
    }
    assert!(training.gradient.words.table.weight.iter().any(|value| *value != 0.0));
}

#[test]
fn what_is_frozen_inside_stands_among_the_frozen_parameters() {
    let names = |is_frozen: bool| -> Vec<_> {
        let own = tensors(Outer::LAYERS).filter(|tensor| tensor.is_frozen() == is_frozen);
        own.map(|tensor| tensor.name().to_string()).collect()
    };
    assert_eq!(names(false).len(), 7, "{:?}", names(false));
    let frozen = [
        "body.still.weight",
        "body.still.bias",
        "judge.linear1.weight",
        "judge.linear1.bias",
        "judge.linear2.weight",
        "judge.linear2.bias",
        "whole.a.weight",
        "whole.a.bias",
        "whole.b.weight",
        "whole.b.bias",
        "block.linear1.weight",
        "block.linear1.bias",
        "block.inner.linear1.weight",
        "block.inner.linear1.bias",
    ];
    assert_eq!(names(true), frozen);
    let (mut outer, mut frozen) = new();
    frozen.body.still.bias[2] = 7.0;
    frozen.whole_frozen.b.bias[1] = 8.0;
    let view = outer.with_frozen(&frozen);
    let value = |name: &str| -> Vec<f64> {
        let found = view.state_dict().find(|tensor| tensor.info().name().to_string() == name);
        found.expect("the tensor is there").values().collect()
    };
    assert_eq!(value("body.still.bias")[2].to_bits(), 7_f64.to_bits());
    assert_eq!(value("whole.b.bias")[1].to_bits(), 8_f64.to_bits());
    assert_eq!(outer.with_both_mut(&mut frozen).state_dict_mut().count(), 21);
}

#[test]
fn training_changes_what_is_trained_and_nothing_else() {
    let (mut outer, frozen) = new();
    let before = loss(&outer, &frozen);
    let mut training = Training::<Outer, Adam, 4>::boxed();
    for _ in 0..500 {
        let network = &mut outer.with_frozen_mut(&frozen);
        training.step(network, &Adam::new(0.01), &Mse, &INPUTS, &TARGETS).expect("finite");
    }
    assert!(loss(&outer, &frozen) < 0.9 * before);
    assert_eq!(frozen, new().1);
}

#[test]
fn an_index_is_checked_by_the_network_around_it() {
    let (outer, frozen) = new();
    assert_eq!(Outer::INPUTS[0].index_bound, Some(10));
    let error = outer.with_frozen(&frozen).predict(&[0, 10, 1]).unwrap_err();
    assert_eq!(error.index, 10);
}

#[test]
fn a_frozen_network_gives_its_input_the_gradient_of_evaluation() {
    network! {
        struct Inner: f64 [3] -> [3] { linear(3), dropout(0.5), batch_norm1d, tanh }
        struct Around: f64 [2] -> [3] { first: linear(3), #[frozen] inner: Inner }
    }
    let (around, frozen) = (Around::new(&mut rng(1)), AroundFrozen::new(&mut rng(2)));
    let mut workspace = AroundWorkspace::<1>::ZERO;
    let input = SMatrix::from([[0.4], [-0.3]]);
    around.forward_with(Portable, &frozen, &input, &mut workspace, Pass::training(1, 1));
    let output = *Around::output_then_grad(&mut workspace);
    let expected = around.with_frozen(&frozen).predict(&[0.4, -0.3]);
    assert_eq!(output.as_slice(), expected.as_slice(), "a frozen network is in evaluation mode");
}

#[test]
fn branches_that_begin_with_indices_are_what_they_are_alone() {
    let (network, frozen) = (Branches::new(&mut rng(1)), BranchesFrozen::new(&mut rng(2)));
    for input in [[0, 1, 2], [6, 6, 6], [3, 0, 5]] {
        let words = network.both.words.predict(&input).expect("in range");
        let [pair, still] =
            [&network.both.pair, &frozen.both.still].map(|pair| pair.predict(&input).expect("in range"));
        let mean: SVector<f64, 2> = input
            .iter()
            .map(|index| network.both.table.weight.column(usize::from(*index)).into_owned())
            .sum::<SVector<f64, 2>>()
            / 3.0;
        let sum = pair + mean + still;
        let whole = network.both.whole1.with_frozen(&frozen.both.whole1).predict(&input).expect("in range");
        let joined: Vec<f64> = words.iter().chain(&sum).chain(&whole).map(|value| value.tanh()).collect();
        let expected = network.out.weight * SVector::<f64, 8>::from_vec(joined) + network.out.bias;
        let made = network.with_frozen(&frozen).predict(&input).expect("in range");
        assert_relative_eq!(made, expected, max_relative = 1e-12);
    }
    assert_eq!(Branches::INPUTS[0].index_bound, Some(7));
    assert_eq!(network.with_frozen(&frozen).predict(&[0, 7, 1]).unwrap_err().index, 7);
}

#[test]
fn branches_that_begin_with_indices_get_their_gradients() {
    let (inputs, targets) = ([[0_u16, 1, 2], [6, 6, 6], [3, 0, 5], [4, 0, 2]], [[0.5, -0.5, 1.0]; 4]);
    let (mut network, frozen) = (Branches::new(&mut rng(1)), BranchesFrozen::new(&mut rng(2)));
    let data = Dataset::new(&inputs, &targets).expect("as many of both");
    let mut training = Training::<Branches, Sgd, 4>::boxed();
    training.loss_and_gradient(&network.with_frozen_mut(&frozen), &Mse, &inputs, &targets).expect("finite");
    for position in 0..network.as_slice().len() {
        let value = network.as_slice()[position];
        let [high, low] = [1e-5, -1e-5].map(|step| {
            network.as_mut_slice()[position] = value + step;
            evaluate(&network.with_frozen(&frozen), &Mse, &data).expect("finite").loss
        });
        network.as_mut_slice()[position] = value;
        let gradient = training.gradient.as_slice()[position];
        assert_relative_eq!(gradient, (high - low) / 2e-5, epsilon = 1e-9, max_relative = 1e-5);
    }
    let tables = [network.both.table.weight.as_slice().len(), frozen.both.whole1.embedding1.weight.as_slice().len()];
    assert_eq!(tables, [16, 27]);
}

#[test]
fn branches_that_begin_with_indices_work_step_by_step() {
    let (network, frozen) = (Text::new(&mut rng(1)), TextFrozen::new(&mut rng(2)));
    let text = [3, 0, 2, 2, 1];
    let whole = network.with_frozen(&frozen).predict(&text).expect("in range");
    let mut state = TextState::ZERO;
    for (step, letter) in text.iter().enumerate() {
        let made = network.with_frozen(&frozen).step(&mut state, &[*letter]).expect("in range");
        assert_relative_eq!(made, whole.fixed_rows::<2>(2 * step).into_owned(), max_relative = 1e-12);
    }
}

/// What a network writes besides its parameters can stand in a struct that derives `Debug`.
#[test]
fn all_memory_has_a_debug() {
    network! {
        struct Gate: [6, 2] -> [6, 2] { #[frozen] rnn(2) }
        struct Sound: [6, 2] -> [6, 3] { Gate, gru(3) }
    }

    #[derive(Debug)]
    #[expect(dead_code, reason = "what is shown")]
    struct Session {
        network: Sound,
        frozen: SoundFrozen,
        state: SoundState,
        inner: GateState,
        workspace: SoundWorkspace<4>,
        inference: SoundInferenceWorkspace,
        trace: SoundTrace<3>,
        words: WordsWorkspace,
    }

    let shown = format!(
        "{:?}",
        Session {
            network: Sound::ZERO,
            frozen: SoundFrozen::ZERO,
            state: SoundState::ZERO,
            inner: GateState::ZERO,
            workspace: SoundWorkspace::ZERO,
            inference: SoundInferenceWorkspace::ZERO,
            trace: SoundTrace::ZERO,
            words: WordsWorkspace::ZERO,
        }
    );
    let bytes = |name: &str, bytes: usize| format!("{name} {{ bytes: {bytes}, .. }}");
    for expected in [
        bytes("SoundState", size_of::<SoundState>()),
        bytes("GateState", size_of::<GateState>()),
        bytes("SoundWorkspace", SoundWorkspace::<4>::BYTES),
        bytes("SoundInferenceWorkspace", SoundInferenceWorkspace::<1>::BYTES),
        bytes("SoundTrace", SoundTrace::<3>::BYTES),
        bytes("WordsWorkspace", WordsWorkspace::<1>::BYTES),
    ] {
        assert!(shown.contains(&expected), "{expected} is not in {shown}");
    }
}

#[test]
fn a_summary_shows_what_is_frozen() {
    let summary = Outer::summary();
    assert_eq!([summary.parameter_bytes, summary.frozen_bytes], [size_of::<Outer>(), size_of::<OuterFrozen>()]);
    let text = summary.to_string();
    for line in
        ["  body           Body (partly frozen)  ", "  judge          Judge (frozen)  ", "  out            linear  "]
    {
        assert!(text.contains(line), "{text}");
    }
    let bytes = format!("bytes: {} parameters, {} frozen, ", size_of::<Outer>(), size_of::<OuterFrozen>());
    assert!(text.contains(&bytes), "{text}");
    assert!(!Words::summary().to_string().contains("frozen"));
}
