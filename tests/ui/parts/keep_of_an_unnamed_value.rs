use nn_runtime::prelude::*;

network! {
    struct Net: [8] -> [4] { #[keep] (_, b): chunk(2), #[keep] b }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
