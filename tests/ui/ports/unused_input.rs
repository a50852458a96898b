use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [2] } -> { y: [2] } { a, y: linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
