use nn_runtime::prelude::*;

network! {
    pub struct Encoder: [4] -> [2] { linear(2) }
    pub struct Encoder: [N] -> [2] { linear(2) }
    pub struct Net: [N] -> [2] { linear(2) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", Encoder::summary(), net.predict(&SVector::zeros()));
}
