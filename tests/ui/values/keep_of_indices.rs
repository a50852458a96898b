use nn_runtime::prelude::*;

network! {
    struct Net: u8 [4] -> f32 [4, 2] { #[keep] flatten, embedding(3, 2) }
}

fn main() {
    println!("{}", Net::summary());
}
