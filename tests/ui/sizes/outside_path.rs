use nn_runtime::prelude::*;

pub const CLASSES: usize = 10;

network! {
    pub struct Net: [4] -> [10] {
        out: linear(crate::CLASSES),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{} {}", net.out.weight, net.predict(&SVector::zeros()));
}
