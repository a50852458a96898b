use nn_runtime::prelude::*;

network! {
    struct Net: { self_: [4], b: [4] } -> [4] { add { [self_], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
