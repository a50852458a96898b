use nn_runtime::prelude::*;

network! {
    struct Net: u16 [32, 10] -> [10, 8] { embedding(100, 8) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
