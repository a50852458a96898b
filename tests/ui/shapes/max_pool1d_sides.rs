use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [2, 5] {
        max_pool1d(3, padding = [[0, 2]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
