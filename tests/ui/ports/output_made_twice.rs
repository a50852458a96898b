use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4] } -> { y: [4] } { y: linear(4), y: relu }
}

fn main() {
    println!("{}", Net::summary());
}
