use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [6, 6, 6] { separable_conv2d(6, 3) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
