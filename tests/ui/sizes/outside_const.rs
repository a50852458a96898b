use nn_runtime::prelude::*;

const CLASSES: usize = 10;

network! {
    pub struct Net: [4] -> [CLASSES] {
        linear(CLASSES),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
