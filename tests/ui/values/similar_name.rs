use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [8] { encoded: linear(4), tanh, concat { [], [encode] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
