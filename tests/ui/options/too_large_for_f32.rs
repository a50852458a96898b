use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        elu(1e39), linear(2),
    }
}

fn main() {}
