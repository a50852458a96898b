use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { a: linear(4), tanh, add { [a -> [5]], [] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
