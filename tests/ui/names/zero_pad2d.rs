use nn_runtime::prelude::*;

network! {
    struct Net: [4, 8, 8] -> [4, 10, 10] { zero_pad2d(1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
