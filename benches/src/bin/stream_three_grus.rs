//! A stream through three recurrent layers of different sizes: what a program with one `step` of them costs to compile.

use nn_runtime::prelude::*;

network! {
    /// Three gated recurrent units.
    struct Stream: [50, 42] -> [50, 96] { gru(24), gru(48), gru(96) }
}

fn main() {
    let network = Stream::boxed(&mut rng(1));
    let mut state = StreamState::ZERO;
    println!("{}", network.step(&mut state, &SVector::repeat(0.5))[0]);
}
