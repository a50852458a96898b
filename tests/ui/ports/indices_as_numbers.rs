use nn_runtime::prelude::*;

network! {
    struct Net: { a: u8 [4], b: [4] } -> [4] { a { linear(4) }, add { [], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
