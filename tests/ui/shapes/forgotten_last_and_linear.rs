use nn_runtime::prelude::*;

network! {
    struct Net: [50, 8] -> [2] { gru(16) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
