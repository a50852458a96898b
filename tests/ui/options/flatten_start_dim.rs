use nn_runtime::prelude::*;

network! {
    struct Net: [4, 2] -> [8] { flatten(start_dim = 1) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
