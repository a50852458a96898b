use std::vec::Vec;

use super::*;
use crate::families::recurrent::tests::check_sizes;
use crate::kernels::Portable;

fn step_by_hand(function: fn(f64) -> f64, from_input: &[f64], from: &dyn Fn(&[f64]) -> Vec<f64>, state: &mut [f64]) {
    let from_state = from(state);
    for ((state, from_input), from_state) in state.iter_mut().zip(from_input).zip(from_state) {
        *state = function(from_input + from_state);
    }
}

#[test]
fn agrees_with_the_equations_and_with_differences_of_the_loss() {
    check_sizes!(rnn (Rnn(Tanh)) 1 1 1, |input, from, state, _| step_by_hand(f64::tanh, input, from, state));
    check_sizes!(rnn (Rnn(Relu)) 1 1 1, |input, from, state, _| step_by_hand(|x| x.max(0.0), input, from, state));
}

#[test]
fn nan_stays() {
    let one = SMatrix::<f64, 1, 1>::repeat(1.0);
    let input = SMatrix::<f64, 1, 3>::from([[-5.0], [f64::NAN], [-5.0]]);
    let [mut of_tanh, mut of_relu] = [SMatrix::<f64, 1, 3>::zeros(); 2];
    infer(Portable, Rnn(Tanh), [&one], [&one], [&one], [&one], [None; 1], Whole, &input, &mut of_tanh);
    infer(Portable, Rnn(Relu), [&one], [&one], [&one], [&one], [None; 1], Whole, &input, &mut of_relu);
    for output in [of_tanh, of_relu] {
        assert_eq!(output.map(f64::is_nan), SMatrix::from([[false], [true], [true]]));
    }
}
