use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [10] {
        conv2d(8, 5), max_pool2d(2), conv2d(8, 5, padding = 2), max_pool2d(2), conv2d(8, 5, padding = (2, 2)), max_pool2d(2),
        conv2d(8, kernel_size = 5),
        flatten,
        linear(10),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
