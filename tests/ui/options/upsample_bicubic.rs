use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 4, 4] -> [1, 8, 8] {
        upsample(2, mode = bicubic),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
