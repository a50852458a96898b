//! A path may begin with any name, also with those that the expansion has for itself.

use nn_runtime::prelude::*;

mod nn {
    nn_runtime::network! { pub struct Encoder: [4] -> [4] { linear(4) } }
}

type I = nn::Encoder;

type R = nn::Encoder;

network! {
    pub struct Net: [4] -> [2] {
        nn::Encoder -> [4], I -> [4], repeat(2) { R -> [4] }, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
