use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `upsample1` makes several steps of one
    struct Net: [2, 9] -> [2, 18] { upsample(2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
