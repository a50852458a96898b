use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [2] { a: linear(3), tanh, linear(5), a { linear(2) } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
