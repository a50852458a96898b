use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 600] -> [1, 2] {
        max_pool1d(300),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
