use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 10] -> [4, 10] {
        nn::LayerNorm(10),
        BatchNorm2d(4),
        batch_normalization,
        instance_norm,
        RMSNorm,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
