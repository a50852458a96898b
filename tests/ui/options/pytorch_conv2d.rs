use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [2] {
        conv2d(1, 6, 5), relu,
        flatten, linear(2),
    }
}

fn main() {}
