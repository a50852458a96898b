//! A stream through one recurrent layer: what a program with one `step` of it costs to compile.

use nn_runtime::prelude::*;

network! {
    /// A gated recurrent unit.
    struct Stream: [50, 42] -> [50, 96] { gru(96) }
}

fn main() {
    let network = Stream::boxed(&mut rng(1));
    let mut state = StreamState::ZERO;
    println!("{}", network.step(&mut state, &SVector::repeat(0.5))[0]);
}
