use nn_runtime::prelude::*;

network! {
    struct Net: u16 [4] -> [8] { embedding_bag(100, 8) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
