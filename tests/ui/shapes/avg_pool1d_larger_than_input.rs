use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3] -> [2, 1] {
        avg_pool1d(5, padding = 0),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
