use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8] -> [4, 8] {
        MultiHeadAttention(num_heads = 2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros())[0]);
}
