use nn_runtime::prelude::*;

network! {
    pub struct Net: [4, 6] -> [2] {
        concat { [], [linear(5)] }, flatten, linear(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
