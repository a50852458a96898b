use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `conv1d1` sees later steps, as it is not `causal`
    struct Net: [2, 9] -> [3, 9] { conv1d(3, kernel_size = 3, padding = 1), relu }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let outputs = net.step_block::<8>(&mut state, &[[0.5; 2]; 8]);
    println!("{}", outputs[7][2]);
}
