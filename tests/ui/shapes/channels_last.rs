use nn_runtime::prelude::*;

network! {
    struct Net: [28, 28, 1] -> [10] { conv2d(6, kernel_size = 5), relu, flatten, linear(10) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
