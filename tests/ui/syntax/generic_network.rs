use nn_runtime::prelude::*;

network! {
    pub struct Net<const N: usize>: [N] -> [2] {
        linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
