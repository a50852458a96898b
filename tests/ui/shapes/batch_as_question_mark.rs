use nn_runtime::prelude::*;

network! {
    struct Net: [?, 3, 28, 28] -> [2] { flatten, linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
