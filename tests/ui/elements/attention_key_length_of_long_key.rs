use nn_runtime::network::Trainable;
use nn_runtime::prelude::*;

network! {
    pub struct Net: { x: [5, 8], memory: [256, 8], length: u8 [1] } -> { made: [5, 8] } {
        x, made: multihead_attention(2, key = memory, key_length = length),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).as_slice().len());
}
