use nn_runtime::prelude::*;

network! {
    struct Net: [4, 3] -> [4, 2] { gru(2, h_0 = start), last, start: linear(2), reshape([1, 2]), upsample(scale_factor = 4) }
}

fn main() {
    println!("{}", Net::summary());
}
