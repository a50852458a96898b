use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { #[keep] a_b: flatten, a: residual { #[keep] b: linear(4) } }
}

fn main() {
    println!("{}", Net::summary());
}
