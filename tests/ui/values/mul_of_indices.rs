use nn_runtime::prelude::*;

network! {
    struct Net: u8 [3] -> f32 [3] { mul { [embedding(5, 1), flatten], [] } }
}

fn main() {
    println!("{}", Net::summary());
}
