use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [4] } -> [4, 2] { concat { [a], [b] }, embedding(10, 2) }
}

fn main() {
    println!("{}", Net::summary());
}
