use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], start: [2, 2], length: u8 [1] } -> [4, 4] { signal, gru(2, bidirectional = true, h_0 = start, length = length) }
}

fn main() {
    println!("{}", Net::summary());
}
