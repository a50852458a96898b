use nn_runtime::prelude::*;

network! {
    pub struct Net: [6] -> [12] {
        upsample(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
