use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8, 8] -> [6, 6, 6] {
        conv2d(6, 3, groups = 4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
