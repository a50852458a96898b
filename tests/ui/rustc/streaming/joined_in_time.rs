use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `concat1` joins sequences one after the other
    struct Net: [5, 3] -> [10, 3] { lstm(3), concat { [], [tanh] } }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 3]));
    println!("{output}");
    state.reset();
}
