use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4] } -> { y: [4], z: [4] } { y: a { add { [], [z] } }, z: y { linear(4) } }
}

fn main() {
    println!("{}", Net::summary());
}
