use nn_runtime::prelude::*;

network! {
    struct Net: [1, 28, 28] -> [28, 8] { lstm(8) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
