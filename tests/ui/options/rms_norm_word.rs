use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 10] -> [4, 10] {
        rms_norm(eps = none),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
