use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `pad1` adds steps to the sequence
    struct Net: [2, 9] -> [3, 10] { pad([[0, 1], [1, 0]]) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 2]));
    println!("{output}");
    state.reset();
}
