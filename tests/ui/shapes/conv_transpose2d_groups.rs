use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 3, 3] -> [6, 5, 5] {
        conv_transpose2d(6, 3, groups = 4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
