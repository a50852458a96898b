use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], start: [4] } -> [4, 4] { signal, gru(2, bidirectional = true, h_0 = start) }
}

fn main() {
    println!("{}", Net::summary());
}
