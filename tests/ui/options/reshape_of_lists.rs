use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [2, 9] {
        reshape([[3], [6]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
