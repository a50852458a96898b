use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        encoder: Encoder, linear(2),
    }

    pub struct Encoder: [4] -> [8] { linear(8) }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.encoder.linear1.weight, net.predict(&SVector::zeros()));
}
