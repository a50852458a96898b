use nn_runtime::prelude::*;

network! {
    const hidden: usize = 8;

    pub struct Net: [4] -> [2] {
        linear(hidden), linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
