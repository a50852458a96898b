use nn_runtime::prelude::*;

network! {
    struct Net: [5, 2] -> [2, 2] { (a, b, c, d): chunk(4), add { [a], [b], [c], [d] } }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
