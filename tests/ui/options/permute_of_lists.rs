use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3, 4] -> [3, 4, 2] {
        permute([[1, 2], [0]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
