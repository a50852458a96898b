use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2];

    /// It is still there.
    pub struct Other: [4] -> [2] { linear(2) }
}

fn main() {
    let (net, other) = (Net::new(&mut rng(1)), Other::new(&mut rng(1)));
    println!("{} {}", net.predict(&SVector::zeros()), other.predict(&SVector::zeros()));
}
