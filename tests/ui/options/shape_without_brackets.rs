use nn_runtime::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        reshape(1, 28, 28), flatten, linear(10),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
