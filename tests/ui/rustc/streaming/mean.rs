use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `pool` (`mean`) takes the mean over all steps
    struct Net: [5, 3] -> [2] { lstm(4), pool: mean, linear(2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 3]));
    println!("{output}");
    state.reset();
}
