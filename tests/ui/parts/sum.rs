use nn_runtime::prelude::*;

network! {
    struct Net: [2, 6] -> [2, 3] { (a, b): split([3, 2], dim = 1), a }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
