use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [3, 11] {
        conv_transpose1d(3, 3, 1, 0, 0, 1, 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
