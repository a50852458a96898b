use nn_runtime::prelude::*;

network! {
    struct Net: [28, 28] -> [10] { linear(128), relu, linear(10) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
