use nn_runtime::prelude::*;

network! {
    struct Net: [32, 32, 3] -> [6, 30, 30] { conv2d(6, kernel_size = 3), relu }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
