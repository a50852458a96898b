use nn_runtime::prelude::*;

network! {
    struct Encoder: [4] -> [2] { linear(2), batch_norm1d }
    struct Net: [3, 4] -> [3, 2] { each { Encoder } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
