use nn_runtime::prelude::*;

network! {
    struct Net: [3, 4] -> [8] { flatten, linear(8), each { tanh } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
