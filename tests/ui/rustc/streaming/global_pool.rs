use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `global_max_pool1` takes the maximum over all steps
    struct Net: [2, 9] -> [3] { conv1d(3, kernel_size = 3, causal = true), relu, global_max_pool }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
