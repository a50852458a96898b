use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], a: [2] } -> [4] { a, linear(4) }
}

fn main() {
    println!("{}", Net::summary());
}
