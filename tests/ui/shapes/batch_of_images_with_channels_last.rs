use nn_runtime::prelude::*;

network! {
    struct Net: [32, 28, 28, 3] -> [10] { max_pool2d(2), flatten, linear(10) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
