use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 9] -> [1, 5] {
        max_pool1d(3, padding = 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
