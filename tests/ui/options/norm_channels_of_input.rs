use nn_runtime::prelude::*;

network! {
    pub struct Net: [64] -> [64] {
        batch_norm1d(64),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
