use nn_runtime::prelude::*;

network! {
    struct Net: { signal: [4, 3], start: [2] } -> [4, 2] { signal, lstm(2, initial_state = start) }
}

fn main() {
    println!("{}", Net::summary());
}
