use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [8], length: u8 [1] } -> [8] { signal, mean(length = length) }
}

fn main() {
    println!("{}", Net::summary());
}
