use nn_runtime::prelude::*;

network! {
    pub struct Net: [8, 9, 9] -> [2] {
        max_pool2d(3, 2, 1, 1, true),
        flatten, linear(2),
    }
}

fn main() {}
