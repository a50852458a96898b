use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [4, 6, 6] { conv2d(4, 3, activation = "relu") }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
