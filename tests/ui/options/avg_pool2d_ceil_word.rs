use nn_runtime::prelude::*;

network! {
    pub struct Net: [2, 9, 9] -> [2, 5, 5] {
        avg_pool2d(2, ceil_mode = up),
    }
}

fn main() {
    let net = Net::new(&mut rng(1));
    println!("{}", net.predict(&SVector::zeros()));
}
