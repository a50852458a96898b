use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [4] } -> [4] { add { [a], [] } }
}

fn main() {
    println!("{}", Net::summary());
}
