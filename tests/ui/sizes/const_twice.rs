use nn_runtime::prelude::*;

network! {
    const HIDDEN: usize = 8;
    const HIDDEN: usize = 9;

    pub struct Net: [4] -> [HIDDEN] {
        linear(HIDDEN),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
