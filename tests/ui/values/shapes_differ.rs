use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { a: linear(3), relu, b: linear(4), add { [a], [b] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
