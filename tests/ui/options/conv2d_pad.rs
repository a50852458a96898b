use nn_runtime::prelude::*;

network! {
    struct Net: [1, 8, 8] -> [4, 8, 8] { conv2d(4, 3, pad = 1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
