use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3, 4] -> [4, 3, 2] {
        permute([2, 1, -1]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
