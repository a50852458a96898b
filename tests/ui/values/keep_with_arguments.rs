use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> [4] { #[keep(all)] linear(4) }
}

fn main() {
    println!("{}", Net::summary());
}
