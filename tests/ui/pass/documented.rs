#![deny(warnings, missing_docs, clippy::pedantic)]
//! Comments everywhere.

use nn_runtime::prelude::*;

network! {
    /// How many classes there are.
    pub const CLASSES: usize = 3;

    /// A network.
    ///
    /// With a second paragraph.
    #[must_use]
    pub struct Net: [4] -> [CLASSES] {
        /// The first stage.
        fc1: linear(8), relu,
        /// A structure.
        block: residual {
            /// A stage inside of it.
            fc2: linear(8),
            tanh,
        },
        /// The last stage.
        output: linear(CLASSES),
    }
}

fn main() {
    let mut net = Net::new(&mut rng(1));
    net.block.fc2.bias.fill(0.0);
    println!("{} {}", net.predict(&SVector::zeros()), Net::summary());
}
