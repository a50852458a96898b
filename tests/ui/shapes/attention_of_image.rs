use nn_runtime::prelude::*;

network! {
    pub struct Net: [3, 8, 4] -> [3, 8, 4] {
        multihead_attention(1),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros())[0]);
}
