use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], length: u8 [1] } -> [2] { signal, gru(2, length = last), last(length = length) }
}

fn main() {
    println!("{}", Net::summary());
}
