use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [1, 14, 14] {
        max_pool1d(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
