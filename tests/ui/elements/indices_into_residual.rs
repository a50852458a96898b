use nn_runtime::prelude::*;

network! {
    pub struct Net: u8 [4] -> [4] {
        residual { embedding(10, 1), flatten },
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{:?}", net.predict(&SVector::zeros()));
}
