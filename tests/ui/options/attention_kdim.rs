use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8] -> [4, 8] {
        multihead_attention(num_heads = 2, kdim = 6),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
