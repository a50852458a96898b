//! The gradient of an output with respect to the input, against central differences.

use approx::assert_relative_eq;
use nn_runtime::network::GradientError;
use nn_runtime::prelude::*;

network! {
    struct Plain: f64 [6] -> [3] { linear(8), tanh, dropout(0.5), batch_norm1d, residual { linear(8), gelu }, linear(3) }

    struct Picture: f64 [2, 6, 6] -> [2] {
        conv2d(3, 3), batch_norm2d, relu, max_pool2d(2), flatten,
        linear(2),
    }

    struct Sequence: f64 [5, 3] -> [2] {
        gru(4), concat(dim = 1) { [lstm(3)], [multihead_attention(2)] }, layer_norm, mean,
        linear(2),
    }

    struct Frozen: f64 [4] -> [2] {
        #[frozen]
        body: linear(5),
        tanh,
        head: linear(2),
    }
}

/// The gradients of all outputs, by central differences of what `predict` computes.
fn differences<const IN: usize, const OUT: usize>(
    input: &[f64; IN],
    predict: impl Fn(&[f64; IN]) -> SVector<f64, OUT>,
) -> [[f64; IN]; OUT] {
    let mut gradients = [[0.0; IN]; OUT];
    for position in 0..IN {
        let at = |step: f64| {
            let mut moved = *input;
            moved[position] += step;
            predict(&moved)
        };
        let (high, low) = (at(1e-5), at(-1e-5));
        for (output, gradient) in gradients.iter_mut().enumerate() {
            gradient[position] = (high[output] - low[output]) / 2e-5;
        }
    }
    gradients
}

fn sample<const IN: usize>() -> [f64; IN] {
    core::array::from_fn(|position| ((position * 7 + 3) as f64).sin())
}

/// Checks every output of a network.
macro_rules! check {
    ($network:expr) => {{
        let (network, input) = ($network, sample());
        for (output, expected) in differences(&input, |input| network.predict(input)).iter().enumerate() {
            let gradient = network.input_gradient(&input, output).expect("the output is there");
            for (value, expected) in gradient.iter().zip(expected) {
                assert_relative_eq!(value, expected, epsilon = 1e-8, max_relative = 1e-6);
            }
            assert!(expected.iter().any(|value| value.abs() > 1e-4), "there is something to compare");
        }
    }};
}

#[test]
fn the_gradient_is_that_of_the_network_in_evaluation_mode() {
    let mut plain = Plain::new(&mut rng(1));
    plain.batch_norm1d1.running_mean.fill(0.3);
    plain.batch_norm1d1.running_var.fill(2.5);
    check!(&plain);
    check!(&Picture::new(&mut rng(2)));
    check!(&Sequence::new(&mut rng(3)));
}

#[test]
fn the_gradient_goes_through_frozen_stages() {
    let (network, frozen) = (Frozen::new(&mut rng(1)), FrozenFrozen::new(&mut rng(2)));
    check!(network.with_frozen(&frozen));
}

#[test]
fn an_output_that_is_not_there_is_an_error() {
    let network = Plain::new(&mut rng(1));
    let error: GradientError = network.input_gradient(&[0.0; 6], 3).unwrap_err();
    assert_eq!(error.to_string(), "output 3 is out of range: the network has 3 outputs, 0 to 2");
    let mut trace = PlainTrace::boxed();
    assert_eq!(network.input_gradient_in(&[0.0; 6], 0, &mut trace), network.input_gradient(&[0.0; 6], 0));
}
