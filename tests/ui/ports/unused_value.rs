use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4] } -> { y: [2] } { y: linear(2), relu }
}

fn main() {
    println!("{}", Net::summary());
}
