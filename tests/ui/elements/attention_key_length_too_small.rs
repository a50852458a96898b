use nn_runtime::network::Trainable;
use nn_runtime::prelude::*;

network! {
    pub struct Net: { x: [300, 8], length: u8 [1] } -> { made: [300, 8] } {
        x, made: multihead_attention(2, key_length = length),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).as_slice().len());
}
