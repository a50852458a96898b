use nn_runtime::prelude::*;

network! {
    struct Pair: { a: [4], b: [4] } -> [4] { add { [a], [b] } }

    struct Net: [4] -> [2] { Pair, linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
