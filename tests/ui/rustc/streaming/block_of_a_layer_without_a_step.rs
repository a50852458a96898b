use nn_runtime::prelude::*;

network! {
    struct Encoder: [5, 3] -> [5, 4] { lstm(2, bidirectional = true) }

    //~v ERROR: `Net` cannot work step by step: its stage `encoder` (`Encoder`) is a network that cannot
    struct Net: [5, 3] -> [5, 2] { encoder: Encoder, linear(2) }
}

fn main() {
    let mut state = NetState::ZERO;
    let outputs = Net::new(&mut rng(1)).step_block::<8>(&mut state, &[[0.5; 3]; 8]);
    println!("{}", outputs[7][1]);
}
