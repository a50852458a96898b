use nn_runtime::prelude::*;

network! {
    pub struct Net: u16 [32] -> [32, 8] {
        embedding(num_embeddings = 65_537, embedding_dim = 8),
    }
}

fn main() {
    let net = Net::boxed(&mut rng(1));
    println!("{:?}", net.predict(&SVector::zeros()));
}
