use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], mask: u8 [4] } -> [2] { signal, lstm(2, mask = mask), last }
}

fn main() {
    println!("{}", Net::summary());
}
