use nn_runtime::prelude::*;

network! {
    struct Net: { a: [4], b: [4] } -> [4] { residual { a, linear(4) }, add { [], [b] } }
}

fn main() {
    println!("{}", Net::summary());
}
