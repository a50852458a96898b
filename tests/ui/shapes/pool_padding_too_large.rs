use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [1, 5, 5] {
        max_pool2d(2, padding = 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
