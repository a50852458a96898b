use nn_runtime::prelude::*;

network! {
    pub struct Net: [5, 8] -> [2] {
        rnn(8, 4), last,
        linear(2),
    }
}

fn main() {}
