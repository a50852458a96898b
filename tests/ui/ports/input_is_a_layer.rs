use nn_runtime::prelude::*;

network! {
    struct Net: { relu: [4], b: [4] } -> [4] { add { [relu], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
