use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], start: [2, 3] } -> [4, 2] { signal, gru(2, h_0 = start) }
}

fn main() {
    println!("{}", Net::summary());
}
