use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [2] } -> { y: [2], z: [1] } { a, y: linear(3), concat { [y], [b] }, z: linear(1) }
}

fn main() {
    println!("{}", Net::summary());
}
