use nn_runtime::prelude::*;

network! {
    const HIDDEN: usize = max(3, 4);

    pub struct Net: [4] -> [2] {
        linear(HIDDEN), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
