#![expect(clippy::similar_names, reason = "weight_ih and weight_hh are PyTorch's names")]

use std::vec::Vec;

use super::*;
use crate::families::recurrent::tests::{by_hand, check_recurrent, check_sizes, close, fill, sigmoid};
use crate::init::rng;
use crate::kernels::Portable;

/// A step with the function of `n`, and the reset gate after the product or before it.
fn step_by_hand(
    is_after: bool,
    function: fn(f64) -> f64,
    from_input: &[f64],
    from: &dyn Fn(&[f64]) -> Vec<f64>,
    state: &mut [f64],
) {
    let (size, from_state) = (state.len(), from(state));
    let gate = |index: usize| sigmoid(from_input[index] + from_state[index]);
    let reset: Vec<_> = state.iter().enumerate().map(|(j, state)| gate(j) * state).collect();
    let from_reset = from(&reset);
    for (j, state) in state.iter_mut().enumerate() {
        let (z, place) = (gate(size + j), 2 * size + j);
        let hidden = if is_after { gate(j) * from_state[place] } else { from_reset[place] };
        *state = (1.0 - z) * function(from_input[place] + hidden) + z * *state;
    }
}

fn formulas(from_input: &[f64], from: &dyn Fn(&[f64]) -> Vec<f64>, state: &mut [f64], _: &mut [f64]) {
    step_by_hand(true, f64::tanh, from_input, from, state);
}

fn reset_before(from_input: &[f64], from: &dyn Fn(&[f64]) -> Vec<f64>, state: &mut [f64], _: &mut [f64]) {
    step_by_hand(false, f64::tanh, from_input, from, state);
}

#[test]
fn agrees_with_the_equations_and_with_differences_of_the_loss() {
    check_sizes!(gru (Gru::<true, _>(Tanh)) 3 4 1, formulas);
    check_sizes!(gru (Gru::<false, _>(Tanh)) 3 4 1, reset_before);
}

#[test]
fn agrees_with_other_functions() {
    check_sizes!(gru (Gru::<true, _>(Sigmoid)) 3 4 1, |input, from, state, _| {
        step_by_hand(true, sigmoid, input, from, state);
    });
    check_sizes!(gru (Gru::<false, _>(Relu)) 3 4 1, |input, from, state, _| {
        step_by_hand(false, |x| x.max(0.0), input, from, state);
    });
}

/// What the layers share, in odd sizes.
#[test]
fn agrees_in_other_sizes() {
    check_recurrent!(gru (Gru::<true, _>(Tanh)) 3 4 1, formulas, batch 1, steps 1, 1 -> 1, directions 1);
    check_recurrent!(gru (Gru::<true, _>(Tanh)) 3 4 1, formulas, batch 3, steps 5, 2 -> 3, directions 1);
    check_recurrent!(gru (Gru::<true, _>(Tanh)) 3 4 1, formulas, batch 32, steps 2, 3 -> 2, directions 1);
    check_recurrent!(gru (Gru::<false, _>(Tanh)) 3 4 1, reset_before, batch 1, steps 1, 1 -> 1, directions 1);
    check_recurrent!(gru (Gru::<false, _>(Tanh)) 3 4 1, reset_before, batch 3, steps 5, 2 -> 3, directions 1);
    check_recurrent!(gru (Gru::<false, _>(Tanh)) 3 4 1, reset_before, batch 32, steps 2, 3 -> 2, directions 1);
    check_recurrent!(gru (Gru::<false, _>(Tanh)) 3 4 1, reset_before, batch 1, steps 3, 9 -> 17, directions 1);
}

#[test]
fn sums_in_blocks_of_terms() {
    let (weight_ih, weight_hh) = (fill::<9, 150>(1), fill::<9, 3>(2));
    let (bias_ih, bias_hh) = (fill(3), fill(4));
    let input = fill::<4, 300>(7);
    let mut output = SMatrix::<f64, 4, 6>::zeros();
    infer(
        Portable,
        Gru::<true, _>(Tanh),
        [&weight_ih],
        [&weight_hh],
        [&bias_ih],
        [&bias_hh],
        [None; 1],
        Whole,
        &input,
        &mut output,
    );
    let sample = [0, 1].map(|step| SVector::from_fn(|feature, _| input[(2, step * 150 + feature)]));
    let expected = by_hand(formulas, &weight_ih, &weight_hh, &bias_ih, &bias_hh, &sample, false);
    for (output, expected) in output.row(2).iter().zip(expected.as_flattened()) {
        close(*output, *expected, 1e-13);
    }
}

#[test]
fn starts_within_pytorchs_bounds() {
    let (mut weight_ih, mut weight_hh) = ([SMatrix::<f64, 48, 3>::zeros(); 2], [SMatrix::<f64, 48, 16>::zeros(); 2]);
    let [mut bias_ih, mut bias_hh] = [[SVector::<f64, 48>::zeros(); 2]; 2];
    init(weight_ih.each_mut(), weight_hh.each_mut(), bias_ih.each_mut(), bias_hh.each_mut(), &mut rng(1));
    let biases = bias_ih.iter().flatten().chain(bias_hh.iter().flatten());
    let all = || weight_ih.iter().flatten().chain(weight_hh.iter().flatten()).chain(biases.clone());
    assert!(all().all(|value| value.abs() <= 0.25 && *value != 0.0));
    assert!(all().any(|value| value.abs() > 0.24));
}
