use nn_runtime::prelude::*;

network! {
    pub struct Net: [65536, 2] -> [65536, 2] {
        multihead_attention(1),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.multihead_attention1.in_proj_bias);
}
