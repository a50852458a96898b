use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9, 9] -> [2, 5, 5] {
        max_pool2d(2, padding = [[0, 0], [2, 0]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
