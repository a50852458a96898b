use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { a1: linear(4), add { [a], [] }, a: tanh }
}

fn main() {
    println!("{}", Net::summary());
}
