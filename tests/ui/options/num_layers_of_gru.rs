use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [4, 2] { gru(2, num_layers = 2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
