use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8] -> [4, 8] {
        multihead_attention(num_heads = 2, key_dim = 4),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros())[0]);
}
