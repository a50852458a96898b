use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `narrow1` takes [channels, length], but time runs as in [steps, features]
    struct Net: [5, 4] -> [3, 2] { linear(4), narrow(0, 1, 3), linear(2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 4]));
    println!("{output}");
    state.reset();
}
