use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [2] } -> [2] { b, a: linear(4), concat { [a], [b] }, linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
