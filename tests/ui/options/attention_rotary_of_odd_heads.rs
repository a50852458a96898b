use nn_runtime::prelude::*;

network! {
    pub struct Net: [5, 12] -> [5, 12] {
        multihead_attention(4, rotary = interleaved),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
