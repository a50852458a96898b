use nn_runtime::prelude::*;

network! {
    struct Net: { type: [4], b: [4] } -> [4] { add { [type], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
