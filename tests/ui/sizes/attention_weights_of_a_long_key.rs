use nn_runtime::network::Trainable;
use nn_runtime::prelude::*;

network! {
    pub struct Net: { x: [40000, 1], memory: [40000, 1] } -> { made: [40000, 1] } {
        x, made: multihead_attention(1, key = memory),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).as_slice().len());
}
