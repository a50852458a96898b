use nn_runtime::prelude::*;

network! {
    struct Net: i64 [4] -> [4, 2] { embedding(10, 2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
