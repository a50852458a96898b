use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [300, 3], length: u8 [1] } -> [2] { signal, gru(2, length = length), last }
}

fn main() {
    println!("{}", Net::summary());
}
