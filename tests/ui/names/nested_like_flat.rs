use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        a: residual { b: linear(4) }, a_b: linear(4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
