use nn_runtime::prelude::*;

network! {
    struct Net: { x_1: [4], x1: [4] } -> [4] { add { [x_1], [x1] } }
}

fn main() {
    println!("{}", Net::summary());
}
