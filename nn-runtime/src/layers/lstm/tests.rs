use std::vec::Vec;

use super::*;
use crate::families::recurrent::tests::{check_sizes, sigmoid};

/// A step with the function of `g` and of the cell state.
fn step_by_hand(
    function: fn(f64) -> f64,
    from_input: &[f64],
    from: &dyn Fn(&[f64]) -> Vec<f64>,
    state: &mut [f64],
    cell: &mut [f64],
) {
    let (size, from_state) = (state.len(), from(state));
    for (j, (state, cell)) in state.iter_mut().zip(cell).enumerate() {
        let sum = |gate: usize| from_input[gate * size + j] + from_state[gate * size + j];
        *cell = sigmoid(sum(1)) * *cell + sigmoid(sum(0)) * function(sum(2));
        *state = sigmoid(sum(3)) * function(*cell);
    }
}

#[test]
fn agrees_with_the_equations_and_with_differences_of_the_loss() {
    check_sizes!(lstm (Lstm(Tanh)) 4 5 2, |input, from, state, cell| {
        step_by_hand(f64::tanh, input, from, state, cell);
    });
}

#[test]
fn agrees_with_other_functions() {
    check_sizes!(lstm (Lstm(Relu)) 4 5 2, |input, from, state, cell| {
        step_by_hand(|x| x.max(0.0), input, from, state, cell);
    });
    check_sizes!(lstm (Lstm(Sigmoid)) 4 5 2, |input, from, state, cell| {
        step_by_hand(sigmoid, input, from, state, cell);
    });
}
