use nn_runtime::prelude::*;

network! {
    struct Net: [4] -> { y: f32 [2], z: f64 [2] } { x: relu, y: linear(2), x, z: linear(2) }
}

fn main() {
    println!("{}", Net::summary());
}
