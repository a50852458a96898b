use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [2, 9] {
        max_pool1d(3, padding = same),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
