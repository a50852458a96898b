use nn_runtime::prelude::*;

network! {
    struct Net: [32, 10, 8] -> [4] { lstm(4), last }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
