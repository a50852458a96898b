use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], start: [2] } -> [4, 2] { signal, add { [lstm(2, h_0 = (start, start))], [start { reshape([1, 2]) }] } }
}

fn main() {
    println!("{}", Net::summary());
}
