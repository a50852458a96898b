use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], length: u8 [1] } -> [4, 2] { signal, linear(2, length = length) }
}

fn main() {
    println!("{}", Net::summary());
}
