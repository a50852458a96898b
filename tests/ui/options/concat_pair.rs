use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        concat(dim = (1, 9)) { [], [] },
        linear(2),
    }
}

fn main() {}
