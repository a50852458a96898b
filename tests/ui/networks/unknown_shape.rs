use nn_runtime::prelude::*;

mod models {
    nn_runtime::network! { pub struct Encoder: [4] -> [8] { linear(8) } }
}

network! {
    pub struct Net: [4] -> [2] {
        encoder: models::Encoder, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.encoder.predict(&SVector::zeros()));
}
