use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> (y: [2], z: [1]) { y: linear(2), z: linear(1) }
}

fn main() {
    println!("{}", Net::summary());
}
