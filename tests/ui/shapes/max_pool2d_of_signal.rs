use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9] -> [2, 4] {
        max_pool2d(2),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
