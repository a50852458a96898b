use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [10] {
        conv2d(16, 5), flatten, linear(120), relu, linear(84), relu,
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
