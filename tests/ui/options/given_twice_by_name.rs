use nn_runtime::prelude::*;

network! {
    pub struct Net: [4] -> [2] {
        linear(out_features = 2, out_features = 2),
    }
}

fn main() {}
