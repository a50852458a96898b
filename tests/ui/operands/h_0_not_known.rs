use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [4, 2] { gru(2, h_0 = start) }
}

fn main() {
    println!("{}", Net::summary());
}
