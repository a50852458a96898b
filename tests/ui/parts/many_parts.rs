use nn_runtime::prelude::*;

network! {
    struct Net: [32] -> [4] { (a, b): split(3), add { [a], [b] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
