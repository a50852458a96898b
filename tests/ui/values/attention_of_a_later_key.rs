use nn_runtime::prelude::*;

network! {
    pub struct Net: [5, 8] -> [5, 8] {
        multihead_attention(2, key = memory),
        memory: linear(8),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
