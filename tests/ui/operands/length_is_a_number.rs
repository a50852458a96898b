use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [2] { gru(2), mean(length = 3) }
}

fn main() {
    println!("{}", Net::summary());
}
