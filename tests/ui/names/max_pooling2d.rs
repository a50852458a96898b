use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 8, 8] -> [2, 4, 4] {
        max_pooling2d(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
