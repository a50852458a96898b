use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3, 3] -> [2, 1, 1] {
        max_pool2d(4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
