use nn_runtime::prelude::*;

network! {
    pub struct Encoder: [4] -> [8] { liner(8) }

    pub struct Middle: [4] -> [8] { Encoder, relu }

    pub struct Net: [4] -> [2] {
        middle: Middle, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.middle.predict(&SVector::zeros()));
    println!("{}", net.predict(&SVector::zeros()));
}
