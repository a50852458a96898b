use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 8, 8] -> [4, 6, 6] {
        conv2d(filters = 4, kernel_size = 3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
