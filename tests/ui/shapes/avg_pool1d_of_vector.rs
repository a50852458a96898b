use nn_runtime::prelude::*;

network! {
    pub struct Net: [9] -> [4] {
        avg_pool1d(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
