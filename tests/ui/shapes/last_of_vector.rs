use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8] -> [8] {
        flatten, last,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
