use nn_runtime::prelude::*;

network! {
    pub struct nn: [4] -> [2] {
        linear(2),
    }
}

fn main() {
    println!("{}", nn::new(&mut rng(1)).predict(&SVector::zeros()));
}
