use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 5] -> [2, 8] {
        pad([[0, 0], [0, 0], [1, 2]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
