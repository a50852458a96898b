use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `last1` takes the length of the whole sequence
    struct Net: { signal: [5, 3], length: u8 [1] } -> [4] { signal, gru(4), last(length = length) }
}

fn main() {
    let mut state = NetState::ZERO;
    state.reset();
}
