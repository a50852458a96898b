use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 3] -> [1, 1] {
        max_pool1d(2, padding = 1, dilation = 4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
