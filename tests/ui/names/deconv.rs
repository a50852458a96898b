use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 8, 8] -> [3, 10, 10] {
        deconv(3, 3),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
