#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]
//! Networks on sequences that do not stream, as long as nobody asks them to.

use nn_runtime::prelude::*;

network! {
    struct Private: [4, 3] -> [2] { flatten, linear(2) }

    /// Public.
    pub struct Public: [4, 3] -> [4, 6] { lstm(3, bidirectional = true) }

    /// With frozen stages.
    pub(crate) struct WithFrozen: f64 [4, 3] -> f64 [2] { #[frozen] gru(2), flatten, linear(2) }
}

fn main() {
    network! {
        struct Local: u16 [3] -> [6] { embedding(4, 2), flatten }
    }
    println!("{}", Private::ZERO.predict(&SVector::zeros()));
    println!("{}", Public::ZERO.predict(&SVector::zeros()));
    println!("{}", WithFrozen::ZERO.with_frozen(&WithFrozenFrozen::ZERO).predict(&SVector::zeros()));
    println!("{:?}", Local::ZERO.predict(&SVector::zeros()));
}
