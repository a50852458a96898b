use nn_runtime::prelude::*;

network! {
    struct Net: { a: u8 [4] } -> [4, 2] { #[keep] c: a, embedding(3, 2) }
}

fn main() {
    println!("{}", Net::summary());
}
