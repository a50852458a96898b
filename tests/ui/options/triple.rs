use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [4, 6, 6] {
        conv2d(4, (3, 3, 3)),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
