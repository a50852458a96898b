use nn_runtime::prelude::*;

network! {
    struct Net: { a, b: [4] } -> [4] { add { [a], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
