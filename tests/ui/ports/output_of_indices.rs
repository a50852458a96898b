use nn_runtime::prelude::*;

network! {
    struct Net: { a: u8 [4], b: [4] } -> { a: [4], b: [4] } { a { embedding(3, 2) } }
}

fn main() {
    println!("{}", Net::summary());
}
