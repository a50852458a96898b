use nn_runtime::network::Trainable;
use nn_runtime::prelude::*;

network! {
    pub struct Net: { x: [5, 8], memory: [4, 8], mask: [4] } -> { made: [5, 8] } {
        x, made: multihead_attention(2, key = memory, value = mask),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).as_slice().len());
}
