use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `max_pool1d1` makes one step of several
    struct Net: [2, 9] -> [3, 3] { conv1d(3, kernel_size = 3, causal = true), max_pool1d(3) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
