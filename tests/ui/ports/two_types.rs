use nn_runtime::prelude::*;

network! {
    struct Net: { a: f64 [4], b: f32 [4] } -> f64 [4] { add { [a], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
