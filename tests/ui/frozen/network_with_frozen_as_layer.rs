use nn_runtime::prelude::*;

network! {
    pub struct Encoder: [4] -> [8] {
        #[frozen]
        linear(8),
    }

    pub struct Net: [4] -> [2] {
        Encoder, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
