use nn_runtime::prelude::*;

network! {
    pub struct Encoder: [16] -> [8] { linear(8) }

    pub struct Net: [4] -> [2] {
        linear(12), Encoder, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
