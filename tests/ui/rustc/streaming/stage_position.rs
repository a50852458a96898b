use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `positional_encoding1` depends on where in the sequence a step stands
    struct Net: [5, 3] -> [5, 4] { lstm(4), positional_encoding }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 3]));
    println!("{output}");
    state.reset();
}
