use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `memory` (`lstm`) begins with the last step
    struct Net: [5, 3] -> [5, 8] { gru(3), memory: lstm(4, bidirectional = true) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 3]));
    println!("{output}");
    state.reset();
}
