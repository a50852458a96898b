use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4] } -> { y: [2] } { block: residual { y: linear(4) }, linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
