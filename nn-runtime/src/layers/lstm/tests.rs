use crate::families::recurrent::tests::{check_sizes, sigmoid};

fn formulas(from_input: &[f64], from_state: &[f64], state: &mut [f64], cell: &mut [f64]) {
    let size = state.len();
    for (j, (state, cell)) in state.iter_mut().zip(cell).enumerate() {
        let sum = |gate: usize| from_input[gate * size + j] + from_state[gate * size + j];
        *cell = sigmoid(sum(1)) * *cell + sigmoid(sum(0)) * sum(2).tanh();
        *state = sigmoid(sum(3)) * cell.tanh();
    }
}

#[test]
fn agrees_with_the_equations_and_with_differences_of_the_loss() {
    check_sizes!(lstm () 4 5 2, formulas);
}
