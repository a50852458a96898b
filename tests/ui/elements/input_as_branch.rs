use nn_runtime::prelude::*;

network! {
    pub struct Net: u16 [3] -> f64 [2] {
        concat { [embedding(10, 1), flatten], [] },
        linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{:?}", net.predict(&[0, 1, 2]));
}
