use nn_runtime::network::Trainable;
use nn_runtime::prelude::*;

network! {
    pub struct Net: { x: [5, 8], memory: [2, 3, 4, 5] } -> { made: [5, 8] } {
        x,
        made: multihead_attention(2, key = memory),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).as_slice().len());
}
