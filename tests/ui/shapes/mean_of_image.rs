use nn_runtime::prelude::*;

network! {
    pub struct Net: [3, 8, 8] -> [3] {
        mean,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
