use super::*;
use crate::families::recurrent::tests::check_sizes;
use crate::kernels::Portable;

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

#[test]
fn nan_stays() {
    let one = SMatrix::<f64, 1, 1>::repeat(1.0);
    for nonlinearity in [Nonlinearity::Tanh, Nonlinearity::Relu] {
        let mut output = SMatrix::<f64, 1, 3>::zeros();
        let input = SMatrix::<f64, 1, 3>::from([[-5.0], [f64::NAN], [-5.0]]);
        infer(Portable, nonlinearity, [&one], [&one], [&one], [&one], &input, &mut output);
        assert_eq!(output.map(f64::is_nan), SMatrix::from([[false], [true], [true]]));
    }
}
