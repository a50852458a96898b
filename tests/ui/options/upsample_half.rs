use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 4] -> [1, 2] {
        upsample(0.5),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
