//! Sequences of different lengths: padding counts nowhere, each sequence is as if it were alone.

use nn_runtime::bytemuck;
use nn_runtime::network::IndexError;
use nn_runtime::prelude::*;

network! {
    struct Padded: { sequence: f64 [6, 3], length: u8 [1] } -> f64 [4] {
        sequence, both: gru(2, bidirectional = true, length = length),
        cells: lstm(3, length = length),
        plain: rnn(2, bidirectional = true, nonlinearity = relu, length = length),
        again: gru(3, reset_after = false, bidirectional = true, length = length),
        end: last(length = length),
        again, middle: mean(length = length),
        concat { [end], [middle] }, out: linear(4),
    }
}

/// The same network on sequences of one length.
macro_rules! whole {
    ($($name:ident: $steps:literal)*) => {
        network! {
            $(
                struct $name: f64 [$steps, 3] -> f64 [4] {
                    both: gru(2, bidirectional = true),
                    cells: lstm(3),
                    plain: rnn(2, bidirectional = true, nonlinearity = relu),
                    again: gru(3, reset_after = false, bidirectional = true),
                    end: last,
                    again, middle: mean,
                    concat { [end], [middle] }, out: linear(4),
                }
            )*
        }
    };
}

whole! { One: 1 Three: 3 Six: 6 }

/// What a sequence alone gives in a network without lengths: the output, and the gradients of the parameters and of the sequence.
type Alone = ([f64; 4], Vec<f64>, Vec<f64>);

/// Where nothing is to be seen: behind a sequence's end.
const PADDING: f64 = 1e3;
const TARGET: [f64; 4] = [0.5, -0.25, 1.0, 0.0];

macro_rules! alone {
    ($name:ident, $network:expr, $values:expr) => {{
        let mut same: Box<$name> = bytemuck::zeroed_box();
        same.as_mut_slice().copy_from_slice($network.as_slice());
        let input = std::array::from_fn(|at| $values[at]);
        let mut training = Training::<$name, Sgd, 1>::boxed();
        training.loss_and_gradient(&*same, &Mse, &[input], &[TARGET]).expect("the sample is right");
        let output = same.predict(&input).data.0[0];
        let gradient = same.input_gradient(&input, 2).expect("there is such an output");
        (output, training.gradient.as_slice().to_vec(), gradient.as_slice().to_vec())
    }};
}

fn alone(network: &Padded, values: &[f64; 18], length: usize) -> Alone {
    match length {
        1 => alone!(One, network, values),
        3 => alone!(Three, network, values),
        _ => alone!(Six, network, values),
    }
}

fn close(values: &[f64], expected: &[f64]) {
    assert_eq!(values.len(), expected.len());
    for (value, expected) in values.iter().zip(expected) {
        assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
    }
}

fn sample(length: u8, seed: u64) -> PaddedInput {
    let mut sequence = [PADDING; 18];
    let mut rng = rng(seed);
    for value in sequence.iter_mut().take(usize::from(length) * 3) {
        *value = 2.0 * nn_runtime::init::unit(&mut rng) - 1.0;
    }
    PaddedInput { sequence, length: [length] }
}

#[test]
fn a_padded_sequence_is_as_if_it_were_alone() {
    let network = Padded::new(&mut rng(1));
    let samples = [sample(3, 2), sample(6, 3), sample(1, 4)];
    let outputs = predict_batch(&network, &samples).expect("the lengths are right");
    let mut training = Training::<Padded, Sgd, 4>::boxed();
    training.loss_and_gradient(&network, &Mse, &samples, &[TARGET; 3]).expect("the samples are right");
    let mut sum = vec![0.0; network.as_slice().len()];
    for (sample, output) in samples.iter().zip(outputs) {
        let length = usize::from(sample.length[0]);
        let (expected, gradient, grad_input) = alone(&network, &sample.sequence, length);
        close(&output, &expected);
        close(network.predict(sample).expect("the length is right").as_slice(), &expected);
        sum.iter_mut().zip(gradient).for_each(|(sum, gradient)| *sum += gradient / 3.0);
        let of_padded = network.input_gradient(sample, 2).expect("there is such an output").sequence;
        close(&of_padded[..3 * length], &grad_input);
        close(&of_padded[3 * length..], &vec![0.0; 18 - 3 * length]);
        let mut single = Training::<Padded, Sgd, 1>::boxed();
        single.loss_and_gradient(&network, &Mse, &[*sample], &[TARGET]).expect("the sample is right");
        close(single.gradient.as_slice(), &alone(&network, &sample.sequence, length).1);
    }
    close(training.gradient.as_slice(), &sum);
}

#[test]
fn a_length_that_no_sequence_has_is_an_error() {
    let mut network = Padded::new(&mut rng(1));
    for length in [0, 7] {
        let mut wrong = sample(6, 2);
        wrong.length = [length];
        let message = format!("the length {length} in `length` is out of range: a sequence has 1 to 6 steps");
        let error: IndexError = network.predict(&wrong).expect_err("there is no such length");
        assert_eq!(error.to_string(), message);
        let error = network.input_gradient(&wrong, 0).expect_err("there is no such length");
        assert_eq!(error.to_string(), message);
        let mut training = Training::<Padded, Sgd, 4>::boxed();
        let error = training.step(&mut network, &Sgd::new(0.1), &Mse, &[sample(3, 3), wrong], &[TARGET; 2]);
        let error = error.expect_err("there is no such length").to_string();
        assert!(error.contains(&message), "{error}");
    }
}

network! {
    struct Tagger: { words: [4, 2], length: u8 [1] } -> [4, 3] { words, gru(3, length = length), linear(3) }
}

/// Steps whose class is ignored count neither in the loss nor in the accuracy.
#[test]
fn ignored_steps_count_nowhere() {
    let network = Tagger::new(&mut rng(5));
    let input = TaggerInput { words: [0.5, -0.5, 1.0, 0.25, 0.0, 0.0, 0.0, 0.0], length: [2] };
    let loss = CrossEntropy.ignore_index(9);
    let evaluated = |target: [u8; 4]| {
        let (inputs, targets) = ([input], [target]);
        evaluate(&network, &loss, &Dataset::new(&inputs, &targets).expect("a sample has a target"))
    };
    let loss_of = |target| evaluated(target).expect("the sample is right").loss;
    let evaluation = evaluated([1, 2, 9, 9]).expect("the sample is right");
    let mean = f64::midpoint(loss_of([1, 9, 9, 9]), loss_of([9, 2, 9, 9]));
    assert!((evaluation.loss - mean).abs() < 1e-6);
    let output = network.predict(&input).expect("the length is right");
    let best = |step: usize| (0..3).max_by(|a, b| output[step * 3 + a].total_cmp(&output[step * 3 + b]));
    let right = [(0, 1), (1, 2)].iter().filter(|(step, class)| best(*step) == Some(*class)).count();
    assert_eq!(evaluation.accuracy, Some(right as f64 / 2.0));
    assert!(loss_of([9; 4]).abs() < f64::MIN_POSITIVE);
    let error = evaluated([1, 2, 8, 9]).expect_err("there is no class 8");
    assert!(error.to_string().contains("the class of step 2 is 8"), "{error}");
}
