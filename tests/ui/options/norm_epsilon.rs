use nn_runtime::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        layer_norm(epsilon = 1e-3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
