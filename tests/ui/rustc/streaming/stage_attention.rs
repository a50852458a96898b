use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `multihead_attention1` needs the keys and values of other steps, which no state holds
    struct Net: [5, 3] -> [5, 4] { lstm(4), multihead_attention(2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    let mut state = NetState::ZERO;
    let output = net.step(&mut state, &SVector::from([0.5; 3]));
    println!("{output}");
    state.reset();
}
