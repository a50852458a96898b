use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8, 1] -> [2, 8, 1] { conv2d(2, kernel_size = (2, 18446744073709551615), padding = same) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
