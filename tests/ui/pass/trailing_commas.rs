#![deny(warnings)]

use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8,] -> [2,] {
        conv2d(2, (3, 5,), stride = 1,),
        residual { relu, },
        concat { [relu,], [tanh,], },
        flatten,
        linear(2,) -> [2,],
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros()));
}
