use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 2] -> [2, 1] {
        conv_transpose1d(2, 3, padding = [[1, 3]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
