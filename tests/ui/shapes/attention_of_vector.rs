use nn_runtime::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        multihead_attention(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros())[0]);
}
