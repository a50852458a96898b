use nn_runtime::prelude::*;

network! {
    pub struct Net: [6, 5] -> [6, 5] {
        group_norm,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
