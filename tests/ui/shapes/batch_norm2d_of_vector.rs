use nn_runtime::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        batch_norm2d,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
