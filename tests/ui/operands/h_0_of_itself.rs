use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [4, 2] { state: gru(2, h_0 = state) }
}

fn main() {
    println!("{}", Net::summary());
}
