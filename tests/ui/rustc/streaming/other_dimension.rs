use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `memory` (`lstm`) takes [steps, features], but time runs as in [channels, length]
    struct Net: [2, 9] -> [2, 9] { conv1d(2, kernel_size = 3, causal = true), memory: lstm(9) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
