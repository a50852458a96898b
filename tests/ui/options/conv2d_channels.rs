use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [4, 6, 6] { conv2d(channels = 4, kernel_size = 3) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
