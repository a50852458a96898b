use nn_runtime::prelude::*;

network! {
    pub struct Net: [8, 4000, 4000] -> [8, 8, 8] {
        upsample(1000),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
