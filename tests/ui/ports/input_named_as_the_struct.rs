use nn_runtime::prelude::*;

network! {
    struct Net: { net_input: [4], b: [4] } -> [4] { add { [net_input], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
