use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [3] { a: linear(3), b: tanh, linear(7), add { [a], [b] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
