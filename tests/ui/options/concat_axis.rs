use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [8] { concat(axis = 0) { [relu], [tanh] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
