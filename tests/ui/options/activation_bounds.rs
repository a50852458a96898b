use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        linear(8), hard_tanh(6), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
