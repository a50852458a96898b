use nn_runtime::prelude::*;

network! {
    pub struct Net: u8 [3, 8] -> [3, 8] {
        embedding(10, 8),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{:?}", net.predict(&SVector::zeros()));
}
