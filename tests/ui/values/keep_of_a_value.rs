use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { a: linear(4), tanh, add { [#[keep] a], [] } }
}

fn main() {
    println!("{}", Net::summary());
}
