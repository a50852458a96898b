use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `group_norm1` normalises over all steps
    struct Net: [2, 9] -> [4, 9] { conv1d(4, kernel_size = 3, causal = true), group_norm(2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
