use nn_runtime::network::Trainable;
use nn_runtime::prelude::*;

network! {
    pub struct Net: { x: [5, 8], keys: [3, 8], tokens: u16 [3] } -> { made: [5, 8] } {
        x, made: multihead_attention(2, key = keys, value = tokens),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).as_slice().len());
}
