use nn_runtime::prelude::*;

network! {
    pub struct Net: [1, 12, 12] -> [2] {
        repeat(3) { conv2d(4, 5) }, flatten, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
