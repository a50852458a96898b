use nn_runtime::prelude::*;

network! {
    struct Net: { _1: [4], b: [4] } -> [4] { add { [_1], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
