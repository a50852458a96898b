use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> f64 { linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
