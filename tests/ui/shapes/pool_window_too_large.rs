use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 64, 64] -> [1, 3, 3] {
        max_pool2d(20),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
