use nn_runtime::prelude::*;

network! {
    pub struct Net: u8 [32] -> [32, 8] {
        embedding(1000, 8),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{:?}", net.predict(&SVector::zeros()));
}
