#![deny(warnings)]

use nn_runtime::prelude::*;

network! {
    pub struct Encoder: [4] -> [2] { fc1: linear(8), relu, fc2: linear(2) }
    pub struct Decoder: [2] -> [4] { fc1: linear(8), relu, fc2: linear(4) }
    pub struct Both: [4] -> [4] { encoder: Encoder, decoder: Decoder, encoder2: Encoder, decoder2: Decoder -> [4] }
}

fn main() {
    let net = Both::new(&mut rng(1));
    println!("{} {}", net.encoder.fc1.weight, net.decoder2.fc1.weight);
    println!("{}", net.predict(&SVector::zeros()));
}
