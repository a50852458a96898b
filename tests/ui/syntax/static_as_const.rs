use nn_runtime::prelude::*;

network! {
    static SIZE: usize = 8;

    struct Net: [4] -> [2] { linear(SIZE), linear(2) }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
