use nn_runtime::prelude::*;

network! {
    pub struct Net: [5, 12] -> [5, 12] {
        multihead_attention(6, num_kv_heads = 4),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
