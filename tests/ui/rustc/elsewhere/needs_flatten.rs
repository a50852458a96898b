use nn_runtime::prelude::*;

network! { pub struct Encoder: [784] -> [5] { linear(5) } }

network! {
    pub struct Net: [28, 28] -> [2] {
        //~v ERROR: help: add `flatten` before this layer
        encoder: Encoder -> [5], linear(2),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
