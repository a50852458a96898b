use nn_runtime::prelude::*;

network! {
    pub struct Net: [3, 32, 32] -> [2] {
        conv2d(3, 64, 3, 2, 1, bias = false), relu,
        flatten, linear(2),
    }
}

fn main() {}
