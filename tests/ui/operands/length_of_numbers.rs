use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], length: [1] } -> [4, 2] { signal, gru(2, length = length) }
}

fn main() {
    println!("{}", Net::summary());
}
