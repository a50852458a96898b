use nn_runtime::prelude::*;

network! {
    pub struct r#type: [4] -> [2] {
        linear(2),
    }
}

fn main() {}
