use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [2] } -> [2] { linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
