use nn_runtime::prelude::*;

network! {
    //~v ERROR: `Net` cannot work step by step: its stage `lstm1` begins with a state that it is given
    struct Net: { signal: [5, 3], start: [4] } -> [5, 4] { signal, lstm(4, h_0 = start) }
}

fn main() {
    let mut state = NetState::ZERO;
    state.reset();
}
