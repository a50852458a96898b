use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { #[keep] #[keep] linear(4) }
}

fn main() {
    println!("{}", Net::summary());
}
