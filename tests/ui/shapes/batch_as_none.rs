use nn_runtime::prelude::*;

network! {
    struct Net: [None, 4] -> [None, 2] { linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
