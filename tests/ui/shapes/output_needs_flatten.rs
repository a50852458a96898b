use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [64] {
        relu,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
