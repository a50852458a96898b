use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 3, 3] -> [8, 1, 1] {
        conv2d(8, kernel_size = 5, padding = (0, 1), dilation = 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
