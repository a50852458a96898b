use nn_runtime::prelude::*;

network! {
    pub struct Net: [1000000] -> [1000000] {
        linear(1000000),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
