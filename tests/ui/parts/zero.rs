use nn_runtime::prelude::*;

network! {
    struct Net: [6] -> [6] { (a, b): split(0), a }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
