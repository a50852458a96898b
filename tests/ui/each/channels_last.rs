use nn_runtime::prelude::*;

network! {
    struct Net: [5, 8, 8, 3] -> [5, 4] { each { conv2d(2, kernel_size = 10), flatten, linear(4) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
