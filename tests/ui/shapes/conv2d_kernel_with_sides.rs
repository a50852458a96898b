use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 3, 3] -> [2, 1, 1] {
        conv2d(2, 7, padding = [[1, 2], [0, 1]]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
