use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 8, 8] -> [2] {
        conv2d(4, 3, stride = 0), flatten, linear(0),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
