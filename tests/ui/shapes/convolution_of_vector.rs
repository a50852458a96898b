use nn_runtime::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        conv2d(8, 3), flatten, linear(10),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
