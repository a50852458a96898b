use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [10] {
        fc1: linear(8),
        conv2d(8, 99),
        linear(0),
        fc1: rleu,
        linear(7),
    }

    pub struct Other: [4] -> [3] { linear(2) }
}

fn main() {
    let (net, other) = (Net::new(&mut rng(1)), Other::new(&mut rng(1)));
    println!("{} {}", net.predict(&SVector::zeros()), other.predict(&SVector::zeros()));
}
