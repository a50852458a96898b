#![deny(warnings, missing_docs, clippy::pedantic)]
//! Networks that stream, or may: their states have no warnings either.

use nn_runtime::prelude::*;

network! {
    struct Unused: [4, 3] -> [4, 2] { lstm(3), linear(2) }

    /// Public.
    pub struct Filter: [2, 8] -> [3, 8] { conv1d(3, kernel_size = 2, causal = true) }
}

fn main() {
    network! {
        struct Local: u16 [3] -> [3, 2] { embedding(4, 2), rnn(2) }
    }
    println!("{}", Unused::ZERO.predict(&SVector::zeros()));
    let (mut filter, mut local) = (FilterState::ZERO, LocalState::ZERO);
    println!("{}", Filter::ZERO.step(&mut filter, &SVector::zeros()));
    println!("{:?}", Local::ZERO.step(&mut local, &SVector::from([3])));
}
