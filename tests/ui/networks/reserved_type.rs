use nn_runtime::prelude::*;

pub struct I;

network! {
    pub struct Net: [4] -> [2] {
        I -> [8], linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
