use nn_runtime::prelude::*;

network! {
    pub struct Net: [8, 9, 9] -> [2] {
        avg_pool2d(3, 2, 1, false),
        flatten, linear(2),
    }
}

fn main() {}
