use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { (a, b): linear(4), a }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
