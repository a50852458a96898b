use nn_runtime::network::Streaming;
use nn_runtime::prelude::*;

network! {
    struct Net: [5, 3] -> [2] { lstm(4), flatten, linear(2) }
}

fn frames<N: Streaming>(_: &N) {}

fn main() {
    //~v ERROR: `Net` cannot work step by step
    frames(&Net::new(&mut rng(1)));
}
