use nn_runtime::prelude::*;

network! {
    pub struct Net: [28, 28] -> [3, 26, 26] {
        conv2d(3, kernel_size = 3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
