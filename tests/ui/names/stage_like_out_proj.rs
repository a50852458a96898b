use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 8] -> [4, 8] {
        a: multihead_attention(2), a_out_proj: linear(8),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros())[0]);
}
