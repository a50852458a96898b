use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 10] -> [4, 10] {
        layer_norm([4, 10]),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
