use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4] } -> { y: [2], z: [1] } { y: linear(2), linear(1) }
}

fn main() {
    println!("{}", Net::summary());
}
