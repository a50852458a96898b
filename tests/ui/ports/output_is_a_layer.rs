use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> { linear: [4] } { linear: linear(4) }
}

fn main() {
    println!("{}", Net::summary());
}
