use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        add { first: [linear(2)], second: [linear(2)] },
    }
}

fn main() {}
