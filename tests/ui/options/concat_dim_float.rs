use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        concat(dim = 0.5) { [], [] },
        linear(2),
    }
}

fn main() {}
