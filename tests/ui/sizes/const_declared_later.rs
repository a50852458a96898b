use nn_runtime::prelude::*;

network! {
    const DOUBLE: usize = 2 * HIDDEN;
    const HIDDEN: usize = 8;

    pub struct Net: [4] -> [HIDDEN] {
        linear(DOUBLE), linear(HIDDEN),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
