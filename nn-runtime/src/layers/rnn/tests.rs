use super::*;
use crate::families::recurrent::tests::check_sizes;

fn tanh(from_input: &[f64], from_state: &[f64], state: &mut [f64], _: &mut [f64]) {
    for ((state, from_input), from_state) in state.iter_mut().zip(from_input).zip(from_state) {
        *state = (from_input + from_state).tanh();
    }
}

fn relu(from_input: &[f64], from_state: &[f64], state: &mut [f64], _: &mut [f64]) {
    for ((state, from_input), from_state) in state.iter_mut().zip(from_input).zip(from_state) {
        *state = (from_input + from_state).max(0.0);
    }
}

#[test]
fn agrees_with_the_equations_and_with_differences_of_the_loss() {
    check_sizes!(rnn (Nonlinearity::Tanh) 1 1 1, tanh);
    check_sizes!(rnn (Nonlinearity::Relu) 1 1 1, relu);
}
