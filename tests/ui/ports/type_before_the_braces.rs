use nn_runtime::prelude::*;

network! {
    struct Net: f64 { a: [4], b: [4] } -> f64 [4] { add { [a], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
