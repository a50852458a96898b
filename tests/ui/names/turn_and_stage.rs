use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        block: repeat(2) { linear(4) }, block1: linear(4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.block1.weight, net.predict(&SVector::zeros()));
}
