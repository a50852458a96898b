//! Networks as layers of networks on a sequence, step by step.

use approx::assert_relative_eq;
use nn_runtime::prelude::*;
use nn_runtime::scalar::Scalar;

const STEPS: usize = 5;

network! {
    struct Words: u16 [5] -> f64 [5, 3] { embedding(9, 3), tanh }

    struct Body: f64 [5, 3] -> [5, 4] { gru(4), #[frozen] linear(4) }

    struct Channels: f64 [4, 5] -> [2, 5] { conv1d(2, 3, causal = true), relu }

    struct Again: f64 [5, 2] -> [5, 2] { rnn(2) }

    struct Judge: f64 [4] -> [2] { linear(2) }

    struct Whole: u16 [5] -> f64 [5, 2] {
        words: Words,
        body: Body,
        transpose,
        channels: Channels,
        transpose,
        #[frozen]
        again: Again,
    }

    struct Ended: f64 [5, 3] -> [2] { body: Body, last, #[frozen] judge: Judge }
}

#[test]
fn a_step_is_a_row_of_the_whole() {
    let (network, frozen) = (Whole::new(&mut rng(1)), WholeFrozen::new(&mut rng(2)));
    let network = network.with_frozen(&frozen);
    let words = [3, 0, 8, 8, 1];
    let whole = network.predict(&words).expect("the indices are in range");
    let mut state = WholeState::ZERO;
    for (step, word) in words.iter().enumerate() {
        let made = network.step(&mut state, &[*word]).expect("the index is in range");
        for (feature, value) in made.iter().enumerate() {
            assert_relative_eq!(*value, whole[2 * step + feature], max_relative = 1e-12);
        }
    }
    assert_eq!(network.step(&mut state, &[9]).unwrap_err().bound, 9);
    state.reset();
    assert_relative_eq!(network.step(&mut state, &[3]).expect("in range")[0], whole[0], max_relative = 1e-12);
}

#[test]
fn an_activation_works_step_by_step() {
    layer! { struct Squares; }

    impl Activation for Squares {
        fn value<I: Isa, T: Scalar>(_isa: I, input: T) -> T {
            input * input
        }

        fn derivative<I: Isa, T: Scalar>(_isa: I, input: T) -> T {
            input + input
        }
    }

    network! { struct Power: [2, 3] -> [2, 3] { squares: Squares -> [2, 3] } }

    let mut state = PowerState::ZERO;
    assert_eq!(Power::ZERO.step(&mut state, &[1.0, 2.0, 3.0]), SVector::from([1.0, 4.0, 9.0]));
}

#[test]
fn after_the_end_of_time_a_type_runs_as_a_whole() {
    let (network, frozen) = (Ended::new(&mut rng(1)), EndedFrozen::new(&mut rng(2)));
    let network = network.with_frozen(&frozen);
    let frames: [[f64; 3]; STEPS] =
        core::array::from_fn(|step| core::array::from_fn(|i| ((step * 3 + i) as f64).cos()));
    let mut state = EndedState::ZERO;
    let mut last = SVector::zeros();
    for frame in &frames {
        last = network.step(&mut state, frame);
    }
    let input: [f64; 15] = frames.as_flattened().try_into().expect("15 values");
    assert_relative_eq!(last, network.predict(&input), max_relative = 1e-12);
}
