use nn_runtime::prelude::*;

network! {
    struct Net: [32, 32, 3] -> [10] { conv2d(6, kernel_size = 3), relu, max_pool2d(2), flatten, linear(10) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
