use nn_runtime::prelude::*;

network! {
    pub struct Net: [5, 9] -> [5, 9] {
        multihead_attention(3, rotary = halves),
    }
}

fn main() {
    println!("{}", Net::new(&mut rng(1)).predict(&SVector::zeros())[0]);
}
